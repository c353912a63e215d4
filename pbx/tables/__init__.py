"""Every table that the PBX and the portal share. Rows know nothing of the code that uses them."""

from pbx.tables.audit import AuditEntry
from pbx.tables.base import OfficeTable
from pbx.tables.callers import CallerEntry, ForwardNumber
from pbx.tables.calls import CallRecord
from pbx.tables.contacts import (
    Contact,
    ContactApart,
    ContactGroup,
    ContactGroupMember,
    ContactNumber,
    OtherNumber,
    SpeedDial,
)
from pbx.tables.dialling import DialRule, DirectNumber, ShortCode
from pbx.tables.features import FeatureOption
from pbx.tables.lines import Line, Registration, SipAccount
from pbx.tables.messages import Mailbox, VoiceMessage
from pbx.tables.office import OfficeSetting, Revision, ServiceNumber
from pbx.tables.outbox import OutboxItem
from pbx.tables.pickup import PickupGroup, PickupMember
from pbx.tables.places import ClosingDay, OpeningHours, Site
from pbx.tables.trunks import Trunk

__all__ = [
    "AuditEntry",
    "CallRecord",
    "CallerEntry",
    "ClosingDay",
    "Contact",
    "ContactApart",
    "ContactGroup",
    "ContactGroupMember",
    "ContactNumber",
    "DialRule",
    "DirectNumber",
    "FeatureOption",
    "ForwardNumber",
    "Line",
    "Mailbox",
    "OfficeSetting",
    "OfficeTable",
    "OpeningHours",
    "OtherNumber",
    "OutboxItem",
    "PickupGroup",
    "PickupMember",
    "Registration",
    "Revision",
    "ServiceNumber",
    "ShortCode",
    "SipAccount",
    "Site",
    "SpeedDial",
    "Trunk",
    "VoiceMessage",
]
