"""Who may keep the directory: a stranger, another town, another role, the right person; and what a mistake gets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from yiwang.engines.directory.actors import ANONYMOUS, SYSTEM, Actor, actor_for
from yiwang.engines.directory.dates import today
from yiwang.engines.directory.events import DirectoryChanged
from yiwang.engines.directory.models import Organisation, Post, Posting, User
from yiwang.engines.directory.roles import all_roles
from yiwang.engines.directory.selectors.organisations import organisation, organisations
from yiwang.engines.directory.selectors.staff import Member, member, people, staff
from yiwang.engines.directory.services import organisations as offices
from yiwang.engines.directory.services import posts
from yiwang.engines.directory.services import staff as accounts
from yiwang.engines.directory.spec import Role
from yiwang.engines.directory.tests.places import DALI, SHISHAN, keeper, office, person
from yiwang.kernel import events
from yiwang.kernel.app import registry
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, UserError

pytestmark = pytest.mark.usefixtures("district")
TOWN_ROLE = "directory.town_administrator"


@pytest.fixture
def shishan() -> Actor:
    return keeper(SHISHAN)


@pytest.fixture
def whole() -> Actor:
    return keeper("440605")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[DirectoryChanged]:
    """What the journal would be told."""
    heard: list[DirectoryChanged] = []
    monkeypatch.setitem(events._subscribers, DirectoryChanged, [heard.append])
    return heard


def open_department(actor: Actor, name: str = "综合股") -> Organisation:
    return offices.create_organisation(actor, name=name, division="", parent=office(SHISHAN))


def new_account(actor: Actor, username: str = "chen", division: str = SHISHAN) -> tuple[User, str]:
    return accounts.create_account(
        actor, username=username, name="陈晓敏", role=TOWN_ROLE, organisation=office(division), division=division
    )


def test_the_built_in_roles_come_after_those_of_the_apps() -> None:
    roles = all_roles()
    names = list(roles)
    built_in = [name for name in names if name.startswith("directory.")]
    assert built_in == ["directory.administrator", TOWN_ROLE]
    assert names.index(built_in[0]) > max(names.index(name) for name in registry.parts(Role))
    assert "calendar.edit" not in roles[TOWN_ROLE].may


ACTS: list[Callable[[Actor, Member], Any]] = [
    lambda actor, one: organisations(actor),
    lambda actor, one: staff(actor),
    lambda actor, one: open_department(actor),
    lambda actor, one: offices.rename_organisation(actor, office(SHISHAN), "别名"),
    lambda actor, one: offices.set_organisation_active(actor, office(SHISHAN), is_active=False, reason="撤并"),
    lambda actor, one: new_account(actor),
    lambda actor, one: accounts.reset_password(actor, one.user.pk),
    lambda actor, one: accounts.set_account_active(actor, one.user.pk, is_active=False, reason="离职"),
    lambda actor, one: posts.end_posting(actor, one.postings[0].pk, on=today(), reason="调离"),
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["stranger", "other role", "other town"])
def test_who_has_no_right_is_refused_and_nothing_changes(who: str, act: Callable[..., Any], told: list[Any]) -> None:
    one = member(SYSTEM, person("local", TOWN_ROLE, SHISHAN).pk)
    actor = {
        "stranger": ANONYMOUS,
        "other role": actor_for(person("clerk", "city_incident.dispatcher", SHISHAN)),
        "other town": keeper(DALI),
    }[who]
    before = (Organisation.objects.count(), User.objects.count(), Posting.objects.count())
    if who == "other town" and act in ACTS[:2]:  # It may list, but finds nobody of this town: the next test.
        return
    with pytest.raises((NotAllowed, NotFound)):
        act(actor, one)
    assert before == (Organisation.objects.count(), User.objects.count(), Posting.objects.count())
    assert told == []


def test_a_town_administrator_sees_its_town_only(shishan: Actor) -> None:
    person("dali-clerk", TOWN_ROLE, DALI)
    assert {row.division_id[:9] for row in organisations(shishan).rows} == {SHISHAN}
    assert {one.user.username for one in staff(shishan).rows} == {f"keeper-{SHISHAN}"}
    assert [name for _, name in people(shishan)] == [f"keeper-{SHISHAN}（keeper-{SHISHAN}）"]
    with pytest.raises(NotFound):
        organisation(shishan, office(DALI))


def test_a_person_of_two_towns_shows_each_only_its_own_post(shishan: Actor) -> None:
    both = person("both", TOWN_ROLE, SHISHAN)
    dali = Post.objects.create(role=TOWN_ROLE, division_id=DALI, organisation_id=office(DALI))
    Posting.objects.create(user=both, post=dali, from_on=date(2021, 1, 1))
    found = member(shishan, both.pk)
    assert [posting.post.division_id for posting in found.postings] == [SHISHAN]
    assert not found.is_ours
    with pytest.raises(NotAllowed):
        accounts.reset_password(shishan, both.pk)
    assert accounts.reset_password(keeper("440605", "upper"), both.pk)


def test_the_district_sees_every_town(whole: Actor) -> None:
    assert {row.division_id[:9] for row in organisations(whole).rows} == {"440605", "440605011", SHISHAN, DALI}


def test_pages_by_key_hold_every_row_once(whole: Actor) -> None:
    seen, after = [], ""
    while True:
        page = organisations(whole, after=after, size=7)
        seen += [row.pk for row in page.rows]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == Organisation.objects.count() > 7


def test_lists_cost_two_statements_whatever_their_length(whole: Actor, django_assert_num_queries: Any) -> None:
    for number in range(12):
        person(f"clerk-{number}", TOWN_ROLE, SHISHAN)
    with django_assert_num_queries(1):
        organisations(whole)
    with django_assert_num_queries(2):
        staff(whole)


def test_a_department_is_opened_renamed_and_closed(shishan: Actor, told: list[DirectoryChanged]) -> None:
    row = open_department(shishan)
    assert (row.division_id, row.parent_id) == (SHISHAN, office(SHISHAN))
    offices.rename_organisation(shishan, row.pk, "综合办公室")
    offices.set_organisation_active(shishan, row.pk, is_active=False, reason="撤并")
    assert [event.kind for event in told] == ["organisation.created", "organisation.renamed", "organisation.closed"]
    assert told[1].payload == {"before": "综合股", "after": "综合办公室"}
    assert {event.division for event in told} == {SHISHAN}


@pytest.mark.parametrize(
    ("values", "path", "code"),
    [
        ({"name": "  "}, "name", "REQUIRED"),
        ({"name": "长" * 121}, "name", "TOO_LONG"),
        ({"name": "狮山镇人民政府"}, "name", "ORGANISATION_EXISTS"),
        ({"kind": "Water 1"}, "kind", "ORGANISATION_KIND"),
        ({"kind": "water"}, "kind", "KIND_TAKEN"),
        ({"code": "91110000600037341X"}, "code", "CREDIT_CODE"),
        ({"division": "440605129"}, "division", "DIVISION_UNKNOWN"),
    ],
)
def test_a_wrong_organisation_names_its_field(whole: Actor, values: dict[str, str], path: str, code: str) -> None:
    given: dict[str, Any] = {"name": "环卫站", "division": SHISHAN} | values
    with pytest.raises(InvalidInput) as refused:
        offices.create_organisation(whole, **given)
    assert [(error["path"], error["code"]) for error in refused.value.errors] == [(path, code)]


def test_a_credit_code_is_used_once(whole: Actor) -> None:
    offices.create_organisation(whole, name="甲", division=SHISHAN, code="91110000600037341l")
    with pytest.raises(InvalidInput, match="已有机构使用"):
        try:
            offices.create_organisation(whole, name="乙", division=SHISHAN, code="91110000600037341L")
        except InvalidInput as error:
            raise InvalidInput(error.errors, error.errors[0]["message"]) from error


def test_departments_have_no_departments(shishan: Actor) -> None:
    row = open_department(shishan)
    with pytest.raises(InvalidInput):
        offices.create_organisation(shishan, name="一组", division="", parent=row.pk)


def test_an_organisation_with_people_is_not_closed(shishan: Actor) -> None:
    with pytest.raises(offices.StillInUse, match="1人在任"):
        offices.set_organisation_active(shishan, office(SHISHAN), is_active=False, reason="撤并")


def test_a_handed_out_password_opens_nothing_until_it_is_changed(shishan: Actor, told: list[DirectoryChanged]) -> None:
    user, password = new_account(shishan)
    assert user.check_password(password) and password not in user.password
    assert not actor_for(user).grants and not actor_for(user).is_anonymous
    user.set_password("another good password")
    assert actor_for(user).may("staff.edit", SHISHAN)
    assert password not in repr([event.payload for event in told])
    assert [event.kind for event in told] == ["account.created", "posting.opened"]


def test_a_reset_ends_the_old_password(shishan: Actor) -> None:
    user, first = new_account(shishan)
    second = accounts.reset_password(shishan, user.pk)
    stored = User.objects.get(pk=user.pk)
    assert second != first and stored.check_password(second) and not stored.check_password(first)
    assert stored.must_change_password


def test_nobody_keeps_oneself(shishan: Actor) -> None:
    own = shishan.user_id or 0
    for act in (
        lambda: accounts.reset_password(shishan, own),
        lambda: accounts.set_account_active(shishan, own, is_active=False, reason="测试"),
        lambda: posts.appoint(
            shishan, own, role=TOWN_ROLE, organisation=office(SHISHAN, "water"), division=SHISHAN, from_on=today()
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_closed_account_acts_no_more(shishan: Actor) -> None:
    user, _ = new_account(shishan)
    accounts.set_account_active(shishan, user.pk, is_active=False, reason="离职")
    assert actor_for(User.objects.get(pk=user.pk)) is ANONYMOUS
    assert [one.user.pk for one in staff(shishan, inactive=True).rows] == [user.pk]


@pytest.mark.parametrize("username", ["ab", "陈晓敏", "-x1", "a b c", "x" * 61])
def test_a_user_name_is_plain(shishan: Actor, username: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        new_account(shishan, username)
    assert refused.value.errors[0]["path"] == "username"


def test_a_user_name_is_taken_in_any_case(shishan: Actor) -> None:
    new_account(shishan)
    with pytest.raises(InvalidInput) as refused:
        new_account(shishan, "CHEN")
    assert refused.value.errors[0]["code"] == "USERNAME_TAKEN"


def test_a_town_gives_no_post_over_the_district(shishan: Actor) -> None:
    user, _ = new_account(shishan)
    with pytest.raises(NotAllowed):
        posts.appoint(
            shishan, user.pk, role="directory.administrator", organisation=office("440605"), division="440605",
            from_on=today(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"role": "nobody.knows"}, "role"),
        ({"division": "440605124001"}, "division"),
        ({"organisation": 999_999_999}, "organisation"),
        ({"to_on": date(2021, 1, 1)}, "to_on"),
    ],
)
def test_a_wrong_appointment_names_its_field(whole: Actor, values: dict[str, Any], path: str) -> None:
    user, _ = new_account(whole)
    given = {"role": TOWN_ROLE, "organisation": office(SHISHAN, "water"), "division": SHISHAN, "from_on": today()}
    with pytest.raises(InvalidInput) as refused:
        posts.appoint(whole, user.pk, **(given | values))
    assert [error["path"] for error in refused.value.errors] == [path]


def test_a_post_over_another_town_than_the_office_is_refused(whole: Actor) -> None:
    user, _ = new_account(whole)
    with pytest.raises(InvalidInput) as refused:
        posts.appoint(whole, user.pk, role=TOWN_ROLE, organisation=office(DALI), division=SHISHAN, from_on=today())
    assert refused.value.errors[0]["code"] == "OUTSIDE_ORGANISATION"


def test_one_post_is_held_once_at_a_time(shishan: Actor) -> None:
    user, _ = new_account(shishan)
    with pytest.raises(Conflict):
        posts.appoint(
            shishan, user.pk, role=TOWN_ROLE, organisation=office(SHISHAN), division=SHISHAN, from_on=today()
        )


def test_a_deputy_acts_on_behalf_of_the_holder_and_ends_with_it(shishan: Actor) -> None:
    holder, deputy = person("holder", TOWN_ROLE, SHISHAN, "water"), person("deputy", TOWN_ROLE, SHISHAN)
    posting = holder.postings.get()
    until = today() + timedelta(days=10)
    given = posts.deputise(shishan, posting.pk, deputy=deputy.pk, from_on=today(), to_on=until, reason="出差")
    grants = {grant.on_behalf_of for grant in actor_for(deputy).grants}
    assert grants == {None, "holder"}
    end = today() + timedelta(days=3)
    posts.end_posting(shishan, posting.pk, on=end, reason="调离")
    given.refresh_from_db()
    assert given.to_on == end


@pytest.mark.parametrize("case", ["oneself", "past", "reversed", "of a deputy", "no reason", "stranger"])
def test_a_wrong_deputy_is_refused(shishan: Actor, case: str) -> None:
    holder, other = person("holder", TOWN_ROLE, SHISHAN, "water"), person("other", TOWN_ROLE, SHISHAN)
    posting = holder.postings.get()
    given = {"deputy": other.pk, "from_on": today(), "to_on": today() + timedelta(days=5), "reason": "出差"}
    if case == "oneself":
        given["deputy"] = holder.pk
    elif case == "past":
        given |= {"from_on": date(2021, 1, 1), "to_on": date(2021, 2, 1)}
    elif case == "reversed":
        given["to_on"] = today()
    elif case == "of a deputy":
        posting = posts.deputise(shishan, posting.pk, **given)
        given["deputy"] = holder.pk
    elif case == "no reason":
        given["reason"] = " "
    else:
        given["deputy"] = person("dali-clerk", TOWN_ROLE, DALI).pk
    with pytest.raises(UserError):
        posts.deputise(shishan, posting.pk, **given)


def test_a_post_given_by_mistake_today_is_withdrawn(shishan: Actor, told: list[DirectoryChanged]) -> None:
    user, _ = new_account(shishan)
    posts.end_posting(shishan, user.postings.get().pk, on=today(), reason="录入有误")
    assert not user.postings.exists()
    assert told[-1].kind == "posting.withdrawn" and told[-1].payload["reason"] == "录入有误"
