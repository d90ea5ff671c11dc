"""Every error of the world has a French text of its own."""

from app.core.errors import UserError
from app.wording import explain


def everything_under(kind: type[UserError]) -> list[type[UserError]]:
    found = []
    for child in kind.__subclasses__():
        found += [child, *everything_under(child)]
    return found


def test_every_user_error_has_a_text() -> None:
    fallback = explain.dispatch(UserError)
    kinds = [kind for kind in everything_under(UserError) if kind.__module__.startswith("app.")]
    assert len(kinds) > 50
    leaves = [kind for kind in kinds if not kind.__subclasses__()]
    assert [kind.__name__ for kind in leaves if explain.dispatch(kind) is fallback] == []
