"""Stands in for packages that a module imports and the functions under test do not use."""

import importlib.abc
import importlib.machinery
import sys
import types


def anything(name):
    """A class that can be called, derived from and asked for any attribute, which is one more."""
    if name.startswith("__"):
        raise AttributeError(name)
    return Class(name, (), {})


class Class(type):
    def __getattr__(cls, name):
        return anything(name)


class Anything(types.ModuleType):
    """A module with every attribute."""

    def __getattr__(self, name):
        value = anything(name)
        setattr(self, name, value)
        return value


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, roots):
        self.roots = roots

    def find_spec(self, name, path, target=None):
        if name in self.roots or any(name.startswith(root + ".") for root in self.roots):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = Anything(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


def stand_in(*roots):
    sys.meta_path.insert(0, Finder(roots))
