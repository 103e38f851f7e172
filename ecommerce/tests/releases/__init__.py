"""
Two releases side by side: worker processes of their own, each with the code of one release.

`old` knows the first version of the tea saga, `new` both, `newest` has taken the first one away. Each is an app whose
handlers register what that release has, and a settings module that installs it.
"""
