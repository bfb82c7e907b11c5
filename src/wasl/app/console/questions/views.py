"""The seller's conversations: the list, one of them with its invoice beside it, and every act as a POST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app import live
from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.invoices import TEXT_MAX, Chip, page_number
from wasl.app.console.questions.many import UNDO_KEY
from wasl.app.console.questions.page import desk_page, facts_of, language_of
from wasl.app.console.questions.queries import CHOSEN, counted, counts, members, questions
from wasl.app.errors import NotFound
from wasl.app.invoicing.find import find_invoice
from wasl.app.live.ticket import Speaker
from wasl.app.portal.questions.views import file_of
from wasl.app.support import conversations, sent, words
from wasl.app.support.canned.fill import filled
from wasl.app.support.canned.keep import answers
from wasl.app.support.desk.labels import labels, labels_of, set_labels
from wasl.app.support.errors import LabelUnknown
from wasl.app.support.models import SELLER, Conversation
from wasl.app.ui.i18n import current
from wasl.app.ui.jinja import query

BESIDE = {"WASL-ASK-06": "outcome", "WASL-ASK-10": "photo"}


LABELS = {
    "waiting": lambda: _("Waiting"), "mine": lambda: _("Mine"), "unassigned": words.unassigned, "disputes": lambda: _("Disputes"),
    "answered": lambda: _("Answered"), "closed": lambda: _("Closed"), "all": lambda: _("All"),
}  # fmt: skip


@require_safe
@member
def listing(request: Any) -> HttpResponse:
    """The queue. `?part=rows` is the list alone, for a page that hears of news."""
    chosen = request.GET.get("show", "waiting")
    chosen = chosen if chosen in CHOSEN else "waiting"
    text = request.GET.get("q", "").replace("\x00", "").strip()[:TEXT_MAX]
    page = page_number(request)
    known = labels(request.org)
    label = next((each for each in known if str(each.pk) == request.GET.get("label")), None)
    rows, has_next = questions(request.org, chosen=chosen, text=text, me=request.user.pk, label=label.pk if label else None, page=page)
    context = {
        "rows": rows, "has_next": has_next, "page": page, "q": text, "chosen": chosen, "filters": chips(request, chosen),
        "labels": [Chip(each.name, query(request, label=None if each == label else each.pk, page=None, lang=None), each == label) for each in known],
        "label": label, "row_labels": labels_of(request.org.pk, [row.id for row in rows]), "members": members(request.org),
        "stream": live.stream_url([live.topics.desk(request.org.pk)]),
        "undo": request.session.get(UNDO_KEY, {}).get("words"), "outcomes": words.plain_outcomes(), "key": sent.form_key(request),
    }  # fmt: skip
    template = "console/questions/rows.html" if request.GET.get("part") == "rows" else "console/questions/list.html"
    return show(request, template, "questions", **context)


@require_safe
@member
def queue_stream(request: Any) -> HttpResponse:
    """Another ticket for the queue, once one is over (ui/scripts/live.js)."""
    return JsonResponse({"stream": live.stream_url([live.topics.desk(request.org.pk)])})


def thread_stream(request: Any, conversation: Conversation) -> str:
    """What the page of one conversation hears: the thread, and what only the desk may know. Its writer may say "I am typing"."""
    topic = live.topics.thread(request.org.pk, conversation.pk)
    speaker = Speaker(topic, SELLER, request.user.name or request.org.name_in(current()))
    return live.stream_url([topic, live.topics.desk(request.org.pk)], speaker=speaker)


@require_safe
@member
def stream(request: Any, conversation_id: UUID) -> HttpResponse:
    return JsonResponse({"stream": thread_stream(request, found(request, conversation_id))})


def chips(request: Any, chosen: str) -> list[Chip]:
    """What the queue can be narrowed to, with how many there are of what needs work."""
    numbers = counts(request.org.pk, request.user.pk)
    return [
        Chip(
            f"{label()} {number}" if (number := counted(numbers.get(key, 0))) else label(),
            query(request, show=None if key == "waiting" else key, page=None, lang=None, part=None), key == chosen,
        )
        for key, label in LABELS.items()
    ]  # fmt: skip


def found(request: Any, conversation_id: UUID) -> Conversation:
    return get_or_404(Conversation.objects.for_org(request.org).filter(pk=conversation_id).first())


@require_http_methods(["GET", "HEAD", "POST"])
@member
def talk(request: Any, conversation_id: UUID) -> HttpResponse:
    """One conversation. A POST answers, notes, or closes with an outcome; what is refused comes back into the field."""
    conversation = found(request, conversation_id)
    form = sent.Sent(key=sent.form_key(request))
    if request.method == "POST" and request.POST.get("act", "").startswith("canned:"):
        form = with_canned(request, conversation)
    elif request.method == "POST":
        form = sent.read(request)
        if done := form.attempt(lambda: act(request, conversation, form), BESIDE):
            messages.success(request, done)
            return redirect("console-question", slug=request.org.slug, conversation_id=conversation.pk)
    else:
        conversations.seen(request.org.pk, conversation.pk, side=SELLER, upto=conversation.last_at)
    page = desk_page(request, conversation, whole=bool(request.GET.get("earlier")))
    context = {"page": page, "form": form, "outcome": request.POST.get("outcome", ""), "stream": thread_stream(request, conversation)}
    template = "console/questions/entries.html" if request.GET.get("part") == "thread" else "console/questions/talk.html"
    return show(request, template, "questions", status=422 if form.problems else 200, **context)


def with_canned(request: Any, conversation: Conversation) -> sent.Sent:
    """The form as it was typed, the chosen canned answer added to its text: to be read and changed before it is sent."""
    form = sent.Sent(text=request.POST.get("text", ""), key=sent.form_key(request))
    wanted = request.POST["act"].removeprefix("canned:")
    for answer in answers(request.org):
        if str(answer.pk) == wanted:
            said = filled(answer, facts_of(request.org, conversation), language_of(conversation)).text
            form.text = f"{form.text.rstrip()}\n\n{said}".strip()
    return form


@require_safe
@member
def canned(request: Any, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """A canned answer filled for this conversation, for the page's script."""
    conversation = found(request, conversation_id)
    answer = get_or_404(next((each for each in answers(request.org) if each.pk == answer_id), None))
    said = filled(answer, facts_of(request.org, conversation), language_of(conversation))
    return JsonResponse({"text": said.text, "language": said.language})


def act(request: Any, conversation: Conversation, form: sent.Sent) -> str:
    """Do what the pressed button says; what happened, in a sentence."""
    place = (request.org.pk, conversation.pk)
    wanted = request.POST.get("act", "answer")
    if wanted == "note":
        conversations.note(*place, text=form.text, actor=request.actor, key=form.key)
        return _("The note is kept. The customer does not see it.")
    if wanted == "close":
        conversations.resolve(*place, by=request.actor, outcome=request.POST.get("outcome", ""), text=form.text, key=form.key)
        return _("The conversation is closed. The customer sees how it ended.")
    conversations.answer(*place, text=form.text, photos=form.photos, actor=request.actor, key=form.key)
    return _("The answer is sent.")


@require_POST
@member
def assign(request: Any, conversation_id: UUID) -> HttpResponse:
    conversation = found(request, conversation_id)
    given = request.POST.get("person", "")
    try:
        conversations.assign(request.org.pk, conversation.pk, person_id=UUID(given) if given else None, actor=request.actor)
    except (ValueError, NotFound):
        raise Http404 from None
    messages.success(request, _("Assigned.") if given else _("Nobody takes care of it now."))
    return redirect("console-question", slug=request.org.slug, conversation_id=conversation.pk)


@require_safe
@member
def file(request: Any, conversation_id: UUID, file_id: UUID) -> HttpResponse:
    conversation = found(request, conversation_id)
    return get_or_404(file_of(find_invoice(request.org, conversation.invoice_id), conversation_id, file_id))


@require_POST
@member
def label(request: Any, conversation_id: UUID) -> HttpResponse:
    """These labels and no others."""
    conversation = found(request, conversation_id)
    try:
        set_labels(request.org.pk, conversation.pk, [UUID(each) for each in request.POST.getlist("label")[:50]], actor=request.actor)
    except (ValueError, LabelUnknown):
        raise Http404 from None
    messages.success(request, _("The labels are kept."))
    return redirect("console-question", slug=request.org.slug, conversation_id=conversation.pk)
