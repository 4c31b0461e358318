"""Users, roles, passwords, tokens and linked accounts beside what the history tells of them: only what differs.

Rows as in `unlike`. Throttling, sessions and times of last use aren't facts.
"""

from infrastructure.persistence.history.told import SAID, SAID_CLOCK, moment_of

_TOLD = f"""
entered AS MATERIALIZED (
    SELECT entry.id, chain.name AS chain, entry.number, entry.subject_id AS username, entry.action, entry.actor,
           {SAID_CLOCK} AS at, said, said -> 'after' AS after
    FROM history_entry AS entry
    JOIN history_chain AS chain ON chain.id = entry.chain_id
    CROSS JOIN LATERAL (SELECT {SAID} OFFSET 0) AS parsed (said)
    WHERE entry.subject_kind = 'user'
)
"""  # nosec B608  # noqa: S608 - our own text


def _last_said(member: str) -> str:
    return (
        f"(array_agg(after ->> '{member}' ORDER BY id DESC) FILTER (WHERE jsonb_exists(after, '{member}')))[1] "
        f"AS {member}"
    )


# Attributes that came with a later version of the software are compared from their first change on.
_USERS = f"""
WITH {_TOLD}, told AS (
    SELECT username, min(chain) AS chain, max(number) AS number, {_last_said("name")}, {_last_said("active")},
           bool_or(action = 'added') AS added
    FROM entered WHERE action IN ('added', 'changed') GROUP BY username
)
SELECT told.chain, NULL, coalesce(told.number, 0), 'user', 'User ' || coalesce(told.username, stored.username),
       CASE WHEN stored.id IS NULL THEN 'gone' WHEN told.added THEN 'altered' ELSE 'not_entered' END
FROM told
FULL JOIN identity_user AS stored ON stored.username = told.username
WHERE stored.id IS NULL OR told.added IS NOT TRUE
    OR stored.name <> told.name OR stored.is_active::text <> told.active
"""  # nosec B608  # noqa: S608 - our own text

_ROLES = f"""
WITH {_TOLD}, told AS (
    SELECT DISTINCT ON (username, role, site) * FROM (
        SELECT *, action = 'granted' AS granted,
               coalesce(after ->> 'role', said #>> '{{before,role}}') AS role,
               coalesce(after ->> 'site', said #>> '{{before,site}}', '') AS site
        FROM entered WHERE action IN ('granted', 'withdrawn')
    ) AS changed ORDER BY username, role, site, id DESC
), stored AS (
    SELECT username, role, coalesce(site, '') AS site, {moment_of("granted_at")} AS at
    FROM identity_rolegrant AS granted JOIN identity_user AS bearer ON bearer.id = granted.user_id
)
SELECT told.chain, nullif(coalesce(told.site, stored.site), ''), coalesce(told.number, 0), 'role',
       format('Role %%s of %%s at %%s', coalesce(told.role, stored.role), coalesce(told.username, stored.username),
              coalesce(nullif(coalesce(told.site, stored.site), ''), 'every site')),
       CASE WHEN stored.username IS NULL THEN 'gone' WHEN told.granted THEN 'altered' ELSE 'not_entered' END
FROM told
FULL JOIN stored ON (stored.username, stored.role, stored.site) = (told.username, told.role, told.site)
WHERE told.granted AND stored.at IS DISTINCT FROM told.at OR stored.at IS NOT NULL AND told.granted IS NOT TRUE
"""  # nosec B608  # noqa: S608 - our own text

# A password that is none begins so.
_USABLE = "left(stored.password, 1) NOT IN ('!', '')"

_PASSWORDS_TOLD = f"""
{_TOLD}, told AS (
    SELECT DISTINCT ON (username) chain, number, username, after ->> 'sha256' AS sha256
    FROM entered WHERE action IN ('password_set', 'password_rehashed') ORDER BY username, id DESC
)
"""  # nosec B608  # noqa: S608 - our own text

_PASSWORDS = f"""
WITH {_PASSWORDS_TOLD}
SELECT told.chain, NULL, coalesce(told.number, 0), 'password', 'The password of ' || stored.username,
       CASE WHEN told.username IS NULL THEN 'not_entered' WHEN {_USABLE} THEN 'altered' ELSE 'gone' END
FROM identity_user AS stored
LEFT JOIN told ON told.username = stored.username
WHERE {_USABLE} <> (told.username IS NOT NULL)
    OR ({_USABLE} AND told.sha256 <> encode(sha256(convert_to(stored.password, 'UTF8')), 'hex'))
"""  # nosec B608  # noqa: S608 - our own text

_TOKENS_TOLD = f"""
{_TOLD}, revoked AS (
    SELECT said #>> '{{before,token}}' AS token, min(at) AS at, max(number) AS number
    FROM entered WHERE action = 'token_revoked' GROUP BY said #>> '{{before,token}}'
), told AS (
    SELECT issued.chain, coalesce(revoked.number, issued.number) AS number, issued.username,
           issued.after ->> 'token' AS token, issued.after ->> 'name' AS name, issued.after -> 'scopes' AS scopes,
           issued.after ->> 'until' AS until, issued.after ->> 'sha256' AS sha256, issued.at,
           coalesce((issued.after ->> 'development')::boolean, false) AS development,
           revoked.at AS revoked_at
    FROM entered AS issued
    LEFT JOIN revoked ON revoked.token = issued.after ->> 'token'
    WHERE issued.action = 'token_issued'
), stored AS (
    SELECT token.key::text AS token, bearer.username, token.name, coalesce(to_jsonb(scopes), 'null') AS scopes,
           {moment_of("expires_at")} AS until, encode(sha256(digest), 'hex') AS sha256, {moment_of("issued_at")} AS at,
           {moment_of("revoked_at")} AS revoked_at, development,
           revoked_at IS NULL AND (expires_at > now()) IS NOT FALSE AS good
    FROM identity_accesstoken AS token JOIN identity_user AS bearer ON bearer.id = token.user_id
)
"""  # nosec B608  # noqa: S608 - our own text

_TOKENS = f"""
WITH {_TOKENS_TOLD}
SELECT told.chain, NULL, coalesce(told.number, 0), 'token',
       format('Token “%%s” of %%s', coalesce(told.name, stored.name), coalesce(told.username, stored.username)),
       CASE WHEN stored.token IS NULL THEN 'gone' WHEN told.token IS NULL THEN 'not_entered' ELSE 'altered' END
FROM told
FULL JOIN stored ON stored.token = told.token
WHERE (stored.username, stored.name, stored.scopes, stored.until, stored.at, stored.revoked_at, stored.development)
        IS DISTINCT FROM
        (told.username, told.name, told.scopes, told.until, told.at, told.revoked_at, told.development)
    OR stored.sha256 <> told.sha256
"""  # nosec B608  # noqa: S608 - our own text

_ACCOUNTS_TOLD = f"""
{_TOLD}, told AS (
    SELECT DISTINCT ON (username) chain, number, username, nullif(after ->> 'openid', '') AS account,
           NOT jsonb_exists(after, 'openid') AND actor = 'openid' AS unchecked
    FROM entered WHERE action = 'added' ORDER BY username, id DESC
), stored AS (
    SELECT bearer.username, linked.provider || ' ' || linked.uid AS account
    FROM socialaccount_socialaccount AS linked JOIN identity_user AS bearer ON bearer.id = linked.user_id
)
"""  # nosec B608  # noqa: S608 - our own text

_ACCOUNTS = f"""
WITH {_ACCOUNTS_TOLD}
SELECT told.chain, NULL, CASE WHEN stored.account IS NULL THEN told.number ELSE 0 END, 'account',
       'An account of OpenID Connect linked to ' || coalesce(told.username, stored.username),
       CASE WHEN stored.account IS NULL THEN 'gone' ELSE 'not_entered' END
FROM (SELECT * FROM told WHERE account IS NOT NULL OR unchecked) AS told
FULL JOIN stored ON stored.username = told.username AND (stored.account = told.account OR told.unchecked)
WHERE stored.account IS NULL AND NOT told.unchecked OR told.username IS NULL
"""  # nosec B608  # noqa: S608 - our own text

# What Django goes by follows from the roles, and nobody has any other right.
_MARKS = """
SELECT NULL, NULL, 0, 'user_marks', 'Who may see tables (is_staff, is_superuser), of ' || username, 'altered'
FROM identity_user AS stored
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM identity_rolegrant WHERE user_id = stored.id AND role = 'administrator' AND site IS NULL
    ) AS administrator
) AS follows
WHERE (is_staff, is_superuser) <> (administrator, administrator)
UNION ALL
SELECT NULL, NULL, 0, 'permissions', 'A group or permission of ' || username, 'not_entered'
FROM identity_user AS stored
WHERE EXISTS (SELECT FROM identity_user_groups WHERE user_id = stored.id)
    OR EXISTS (SELECT FROM identity_user_user_permissions WHERE user_id = stored.id)
UNION ALL
SELECT NULL, NULL, 0, 'provider', 'Provider of OpenID Connect ' || name, 'not_entered' FROM socialaccount_socialapp
"""

UNLIKE_ACCESS = (_USERS, _ROLES, _PASSWORDS, _TOKENS, _ACCOUNTS, _MARKS)

UNCHECKED = f"""
SELECT (
    WITH {_PASSWORDS_TOLD}
    SELECT count(*) FROM identity_user AS stored JOIN told ON told.username = stored.username
    WHERE told.sha256 IS NULL AND {_USABLE}
), (
    WITH {_TOKENS_TOLD}
    SELECT count(*) FROM stored JOIN told ON told.token = stored.token WHERE told.sha256 IS NULL AND stored.good
), (
    WITH {_ACCOUNTS_TOLD}
    SELECT count(*) FROM stored JOIN told ON told.username = stored.username WHERE told.unchecked
)
"""  # nosec B608  # noqa: S608 - our own text
"""How many passwords, tokens and accounts can't be compared."""
