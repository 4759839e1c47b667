"""The rules between the parts of a payload, each with a neighbour that keeps it."""

from typing import Any

import pytest

from playground.blocks import Problem, check_message, check_view

Json = dict[str, Any]
WORDS = {"type": "plain_text", "text": "words"}


def button(action: str) -> Json:
    return {"type": "button", "action_id": action, "text": WORDS}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def asked(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": WORDS, "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": WORDS, "submit": WORDS, "blocks": list(blocks), **more}


def message(*blocks: Json) -> Json:
    return {"text": "words", "blocks": list(blocks)}


def option(value: str, words: str = "words") -> Json:
    return {"text": {"type": "plain_text", "text": words}, "value": value}


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    assert {problem.code.value for problem in problems} <= {"failed_constraint"}
    return [(problem.pointer, problem.message) for problem in problems]


def test_a_block_id_used_twice_is_refused_where_it_comes_again() -> None:
    same = message({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"})
    assert said(check_message(same)) == [("/blocks/1/block_id", '`block_id` "a" already exists')]
    other = message({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "b"})
    assert check_message(other) == []


def test_a_block_id_is_unique_across_nested_blocks_and_attachments_too() -> None:
    inner = {"type": "divider", "block_id": "a"}
    nest = {"type": "container", "title": WORDS, "child_blocks": [inner]}
    found = check_message({"blocks": [nest], "attachments": [{"blocks": [inner]}]})
    assert said(found) == [("/attachments/0/blocks/0/block_id", '`block_id` "a" already exists')]


def test_an_action_id_is_unique_in_its_block_but_free_in_the_next() -> None:
    twice = message(actions(button("go"), button("go")))
    assert said(check_message(twice)) == [("/blocks/0/elements/1/action_id", '`action_id` "go" already exists')]
    assert check_message(message(actions(button("go")), actions(button("go")))) == []


def test_cards_of_a_carousel_have_action_ids_of_their_own() -> None:
    card = {"type": "card", "actions": [button("open")]}
    assert check_message(message({"type": "carousel", "elements": [card, card]})) == []
    both = {"type": "card", "actions": [button("open"), button("open")]}
    found = said(check_message(message({"type": "carousel", "elements": [card, both]})))
    assert found == [("/blocks/0/elements/1/actions/1/action_id", '`action_id` "open" already exists')]


def test_an_action_id_is_still_unique_after_an_element_with_rich_text_inside() -> None:
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}
    editor = {"type": "rich_text_input", "action_id": "a", "initial_value": rich}
    found = said(check_view(modal(actions(editor, button("a")))))
    assert found == [("/view/blocks/0/elements/1/action_id", '`action_id` "a" already exists')]


def test_elements_without_ids_do_not_collide() -> None:
    bare = {"type": "button", "text": WORDS}
    assert check_message(message(actions(bare, bare), {"type": "divider"}, {"type": "divider"})) == []


def test_a_second_element_with_focus_is_refused() -> None:
    focused = {"type": "plain_text_input", "focus_on_load": True}
    calm = {"type": "plain_text_input", "focus_on_load": False}
    assert check_view(modal(asked(focused), asked(calm))) == []
    found = said(check_view(modal(asked(focused), asked(calm), asked(focused))))
    assert found == [("/view/blocks/2/element/focus_on_load", "only one element can set `focus_on_load`")]


def test_an_input_in_a_modal_needs_a_submit_button() -> None:
    field = asked({"type": "plain_text_input"})
    view = modal({"type": "divider"}, field, field)
    assert check_view(view) == []
    del view["submit"]
    wanted = "must define `submit` to use an `input` block in modals"
    assert said(check_view(view)) == [("/view/blocks/1/input", wanted)]


def test_an_input_elsewhere_needs_none() -> None:
    field = asked({"type": "plain_text_input"})
    assert check_view({"type": "home", "blocks": [field]}) == []
    assert check_message(message(field)) == []


@pytest.mark.parametrize("initial", [option("b"), option("a", "other words"), {**option("a"), "description": WORDS}])
def test_an_initial_option_must_be_one_of_the_options_to_the_letter(initial: Json) -> None:
    select = {"type": "static_select", "options": [option("a")], "initial_option": option("a")}
    assert check_message(message(actions(select))) == []
    found = check_message(message(actions({**select, "initial_option": initial})))
    assert said(found) == [("/blocks/0/elements/0/initial_option", "must be one of the provided options")]


def test_an_initial_option_may_come_from_any_group() -> None:
    groups = [{"label": WORDS, "options": [option(name)]} for name in ("a", "b")]
    select = {"type": "static_select", "option_groups": groups, "initial_option": option("b")}
    assert check_message(message(actions(select))) == []
    found = check_message(message(actions({**select, "initial_option": option("c")})))
    assert said(found) == [("/blocks/0/elements/0/initial_option", "must be one of the provided options")]


@pytest.mark.parametrize("kind", ["checkboxes", "multi_static_select"])
@pytest.mark.parametrize("initial", [[], [option("c")], [option("a"), option("c")]])
def test_initial_options_are_all_among_the_options_and_never_an_empty_list(kind: str, initial: Any) -> None:
    element = {"type": kind, "options": [option("a"), option("b")]}
    right = {**element, "initial_options": [option("b"), option("a")]}
    assert check_message(message(actions(right))) == []
    found = check_message(message(actions({**element, "initial_options": initial})))
    assert said(found) == [("/blocks/0/elements/0/initial_options", "must be one of the provided options")]


def test_radio_buttons_start_with_one_of_their_own() -> None:
    radio = {"type": "radio_buttons", "options": [option("a")], "initial_option": option("b")}
    found = said(check_view(modal(asked(radio))))
    assert found == [("/view/blocks/0/element/initial_option", "must be one of the provided options")]


@pytest.mark.parametrize("kind", ["conversations_select", "channels_select"])
def test_response_url_enabled_is_only_for_inputs_of_a_modal(kind: str) -> None:
    element = {"type": kind, "response_url_enabled": True}
    assert check_view(modal(asked(element))) == []
    unknown = "invalid additional property: response_url_enabled"
    assert said(check_view(modal(actions(element)))) == [("/view/blocks/0/elements/0", unknown)]
    assert said(check_message(message(asked(element)))) == [("/blocks/0/element", unknown)]
    assert said(check_view({"type": "home", "blocks": [asked(element)]})) == [("/view/blocks/0/element", unknown)]


def test_files_are_asked_for_without_dispatch_action() -> None:
    files = {"type": "file_input"}
    assert check_view(modal(asked(files))) == []
    found = said(check_view(modal(asked(files, dispatch_action=False))))
    assert found == [("/view/blocks/0", "invalid additional property: dispatch_action")]
    assert check_view(modal(asked({"type": "plain_text_input"}, dispatch_action=True))) == []


@pytest.mark.parametrize("field", ["min_value", "max_value", "initial_value"])
def test_a_number_input_for_whole_numbers_has_no_decimals_in_it(field: str) -> None:
    asking = {"type": "number_input", "is_decimal_allowed": False, field: "2.5"}
    found = said(check_view(modal(asked(asking))))
    assert found == [(f"/view/blocks/0/element/{field}", "input must be a valid: integer")]
    assert check_view(modal(asked({**asking, "is_decimal_allowed": True}))) == []
    assert check_view(modal(asked({**asking, field: "2"}))) == []


def test_a_number_input_compares_numbers_and_not_their_spelling() -> None:
    asking = {"type": "number_input", "is_decimal_allowed": False, "min_value": "9", "max_value": "10"}
    assert check_view(modal(asked(asking))) == []
    assert check_view(modal(asked({**asking, "initial_value": "10"}))) == []
    found = said(check_view(modal(asked({**asking, "initial_value": "11"}))))
    assert found == [("/view/blocks/0/element/initial_value", "must be less than or equal to 10")]


def table(rows: int = 1, cell: str = "a", **more: Any) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell}]] * rows, **more}


def data_table(*rows: list[Json]) -> Json:
    return {"type": "data_table", "caption": "c", "rows": list(rows)}


CELL = {"type": "raw_text", "text": "a"}


def test_a_message_takes_one_table() -> None:
    assert check_message(message(table())) == []
    found = said(check_message(message(table(), {"type": "divider"}, table())))
    assert found == [("/blocks/2", "only_one_table_allowed")]


def test_a_table_in_a_container_and_a_data_table_count_as_tables() -> None:
    nest = {"type": "container", "title": WORDS, "child_blocks": [table()]}
    found = said(check_message(message(nest, data_table([CELL], [CELL]))))
    assert found == [("/blocks/1", "only_one_table_allowed")]


def test_a_message_takes_two_charts() -> None:
    pie = {"type": "pie", "segments": [{"label": "a", "value": 1}]}
    chart = {"type": "data_visualization", "title": "t", "chart": pie}
    assert check_message(message(chart, chart)) == []
    found = said(check_message(message(chart, chart, chart)))
    assert found == [("/blocks/2", "too many data_visualization blocks")]


def test_a_tables_cells_together_hold_ten_thousand_characters() -> None:
    assert check_message(message(table(100, "x" * 100))) == []
    long = table(100, "x" * 100)
    long["rows"] = [*long["rows"][:99], [{"type": "raw_text", "text": "x" * 101}]]
    assert said(check_message(message(long))) == [("/blocks/0/rows", "must be less than 10001 characters")]


def numeral(text: str) -> Json:
    return {"type": "raw_number", "value": 7, "text": text}


def test_rich_text_and_numbers_in_cells_count_by_what_is_shown() -> None:
    run = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x" * 9_998}]}
    rich = {"type": "rich_text", "elements": [run]}
    fits = {"type": "table", "rows": [[rich, numeral("70")]]}
    assert check_message(message(fits)) == []
    found = said(check_message(message({"type": "table", "rows": [[rich, numeral("7.0")]]})))
    assert found == [("/blocks/0/rows", "must be less than 10001 characters")]


def test_all_rows_of_a_data_table_are_as_long_as_its_header() -> None:
    assert check_message(message(data_table([CELL, CELL], [CELL, CELL]))) == []
    short = said(check_message(message(data_table([CELL, CELL], [CELL, CELL], [CELL]))))
    assert short == [("/blocks/0/rows/2", "must provide at least 2 items")]
    long = said(check_message(message(data_table([CELL], [CELL, CELL]))))
    assert long == [("/blocks/0/rows/1", "no more than 1 items allowed")]


def test_the_header_of_a_data_table_is_raw_text() -> None:
    assert check_message(message(data_table([CELL], [numeral("7")]))) == []
    found = said(check_message(message(data_table([CELL, numeral("7")], [CELL, CELL]))))
    assert found == [("/blocks/0/rows/0/1/type", "unsupported type: raw_number")]


def markdown(length: int) -> Json:
    return {"type": "markdown", "text": "m" * length}


def test_markdown_blocks_add_up_to_twelve_thousand_characters() -> None:
    assert check_message(message(markdown(6_000), markdown(6_000))) == []
    found = said(check_message(message(markdown(6_000), markdown(6_001), markdown(1))))
    assert found == [("/blocks/1/text", "must be less than 12001 characters")]


def test_a_folding_container_has_no_header_divider() -> None:
    nest = {"type": "container", "title": WORDS, "child_blocks": [{"type": "divider"}]}
    assert check_message(message({**nest, "is_collapsible": True, "default_collapsed": True})) == []
    assert check_message(message({**nest, "has_header_divider": True})) == []
    both = said(check_message(message({**nest, "is_collapsible": True, "has_header_divider": True})))
    assert both == [("/blocks/0", "invalid additional property: has_header_divider")]
    shut = said(check_message(message({**nest, "default_collapsed": True})))
    assert shut == [("/blocks/0", "invalid additional property: default_collapsed")]


def test_a_standalone_task_is_never_pending_but_one_in_a_plan_may_be() -> None:
    task = {"type": "task_card", "task_id": "1", "title": "t", "status": "pending"}
    assert said(check_message(message(task))) == [("/blocks/0/status", "must be a valid enum value")]
    assert check_message(message({"type": "plan", "title": "p", "tasks": [task]})) == []


def test_rules_between_parts_wait_until_every_part_is_well_formed() -> None:
    twice = [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]
    found = check_message(message(*twice, {"type": "header"}))
    assert [(problem.pointer, problem.message) for problem in found] == [("/blocks/2", "missing required field: text")]
