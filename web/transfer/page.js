// Moving much at a time: tables with photos in, the whole catalogue out.

import { html } from "../vendor/preact.js";
import { may, useAccount } from "../account/account.js";
import { address } from "../router.js";
import { texts } from "../texts.js";
import { Export } from "./export.js";
import { Import } from "./import.js";

export function Page() {
  const account = useAccount();
  return html`
    <div class="page narrow">
      <div class="page-head"><h1>${texts.transfer.title}</h1><a class="button" href=${address("catalogue")}>${texts.upload.back}</a></div>
      ${may(account, "WRITE") ? html`<${Import} />` : html`<p>${texts.upload.mayNot}</p>`}
      ${may(account, "READ") && html`<${Export} />`}
    </div>
  `;
}
