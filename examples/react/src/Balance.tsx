import { Shown, useAnswer } from "./answer";
import type { Lignage, Shapes } from "./api";

/** Whether a campaign adds up. The figures are exact decimals: they are shown as they come, never reckoned with. */
export function Balance({ api, code }: { api: Lignage; code: string }) {
  const balance = useAnswer(
    (signal) => api.GET("/api/v1/campaigns/{code}/balance/", { params: { path: { code } }, signal }),
    [api, code],
  );
  return (
    <section>
      <h2>Balance of {code}</h2>
      <Shown answer={balance}>{(data) => <Figures balance={data} />}</Shown>
    </section>
  );
}

function Figures({ balance }: { balance: Shapes["BalanceRead"] }) {
  const { accountability_min: least, accountability_max: most, accountability_percent: percent } = balance;
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">{balance.version === null ? "So far" : `Version ${balance.version}, stored`}</th>
            <th scope="col">{balance.mass_unit}</th>
          </tr>
        </thead>
        <Part name="Inputs" parts={balance.inputs} total={balance.input_total} />
        <Part name="Outputs" parts={balance.outputs} total={balance.output_total} />
        <Part name="Losses" parts={balance.losses} total={balance.loss_total} />
        <Part name="Samples" total={balance.samples} />
        <Part name="Adjustments" total={balance.adjustments} />
        <Part name="Unaccounted" total={balance.unaccounted} />
      </table>
      <p>
        Accountability: <strong>{percent === null ? "nothing to account for" : `${percent} %`}</strong> (band: {least} to{" "}
        {most} %)
      </p>
      {balance.not_reconcilable.length > 0 && (
        <p role="alert">Without a mass, so left out: {balance.not_reconcilable.join(", ")}.</p>
      )}
    </>
  );
}

function Part({ name, parts = {}, total }: { name: string; parts?: Record<string, string>; total: string }) {
  return (
    <tbody>
      <tr className="total">
        <th scope="row">{name}</th>
        <td>{total}</td>
      </tr>
      {Object.entries(parts).map(([key, kilograms]) => (
        <tr key={key}>
          <th scope="row">{key}</th>
          <td>{kilograms}</td>
        </tr>
      ))}
    </tbody>
  );
}
