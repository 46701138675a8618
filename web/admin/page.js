// What administrators look after: health, models, keys, users, the record of changes, and what the tenant may do.

import { html } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { Empty } from "../parts/notices.js";
import { Tabs } from "../parts/tabs.js";
import { address } from "../router.js";
import { texts } from "../texts.js";
import { Audit } from "./audit.js";
import { Health } from "./health.js";
import { Keys } from "./keys.js";
import { Models } from "./models.js";
import { TenantPanel } from "./tenant.js";
import { Users } from "./users.js";

const TABS = /** @type {Record<string, any>} */ ({ health: Health, models: Models, keys: Keys, users: Users, audit: Audit, tenant: TenantPanel });

/** @param {{ params: URLSearchParams }} props */
export function Page({ params }) {
  const account = useAccount();
  const tab = params.get("tab") ?? "health";
  const Shown = TABS[tab] ?? Health;
  if (!may(account, "ADMIN")) return html`<${Empty} level="h1" title=${texts.admin.title}><p>${texts.admin.mayNot}</p><//>`;
  return html`
    <div class="page">
      <div class="page-head"><h1>${texts.admin.title}</h1></div>
      <${Tabs} name=${texts.admin.title} current=${Object.values(TABS).indexOf(Shown)}
        tabs=${Object.keys(TABS).map((name) => [texts.admin.tabs[name], address("admin", new URLSearchParams({ tab: name }))])} />
      <${Shown} key=${tab} params=${params} />
    </div>
  `;
}
