"""Every call feature and every phone application has the shape that makes one file enough."""

from __future__ import annotations

import ast
import inspect
import json
from pathlib import Path

import pytest

from pbx.discover import modules_of
from pbx.routing.feature import FeatureOptions, Stage, features, read_feature

FEATURES = {module.__name__.split(".")[-1]: module for module in modules_of("pbx.routing.features")}


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_has_its_three_parts_and_says_what_it_is_for(name):
    module = FEATURES[name]
    feature = read_feature(module)
    assert feature.name == name
    assert isinstance(feature.stage, Stage)
    assert module.__doc__ and len(module.__doc__) > 20
    assert list(inspect.signature(feature.apply).parameters) == ["plan", "call", "office"]
    assert not inspect.iscoroutinefunction(feature.apply)


@pytest.mark.parametrize("name", FEATURES)
def test_options_need_no_row_and_go_through_json(name):
    options = read_feature(FEATURES[name]).options
    assert issubclass(options, FeatureOptions)
    stored = json.loads(options().model_dump_json())
    assert options.model_validate(stored) == options()
    assert options.model_config.get("frozen")


@pytest.mark.parametrize("name", FEATURES)
def test_each_option_says_what_it_means(name):
    """The forms of the portal draw themselves from the options; a bare name explains nothing."""
    module = FEATURES[name]
    tree = ast.parse(Path(str(module.__file__)).read_text())
    (options,) = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Options"]
    assert ast.get_docstring(options)
    for at, node in enumerate(options.body):
        if isinstance(node, ast.AnnAssign):
            after = options.body[at + 1] if at + 1 < len(options.body) else None
            assert isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_notes_its_reason_under_its_own_name_in_both_languages(name):
    tree = ast.parse(Path(str(FEATURES[name].__file__)).read_text())
    notes = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "noting"
    ]
    assert notes
    for note in notes:
        assert isinstance(note.args[0], ast.Constant)
        assert note.args[0].value == name
        assert {keyword.arg for keyword in note.keywords} == {"it", "en"}


def test_no_two_features_share_a_name():
    names = [feature.name for feature in features()]
    assert len(names) == len(set(names))
