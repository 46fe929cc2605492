import { np } from "@diffrax-ts/core";
import { type Model, slopes } from "../neural-ode/model.ts";
import type { Chart, Panel } from "../shared/chart.ts";
import { slopesOf, type System } from "./System.ts";

/** Slopes along the axes of the plane: those of the network, and of the equations before and after their refinement. */
export function picture(model: Model, found: System, refined: System): Chart {
  return {
    title: "From a network to equations",
    subtitle: ["Slopes of the network, of terms that come close to it, and with refined constants"],
    panels: [
      panel({ xTitle: "y, where x is 0", yTitle: "x'" }, 0),
      panel({ xTitle: "x, where y is 0", yTitle: "y'" }, 1),
    ],
  };

  function panel(titles: Pick<Panel, "xTitle" | "yTitle">, slope: 0 | 1): Panel {
    const along = np.linspace(-0.6, 1.4, 41);
    const zero = np.zerosLike(along);
    const places = np.stack(slope === 0 ? [zero, along] : [along, zero], { axis: 1 });
    const learnt = np.slice(slopes(model, places), null, slope);
    const of = (system: System): number[] =>
      [...along].map((at) => slopesOf(0, slope === 0 ? [0, at] : [at, 0], system)[slope]);
    return {
      ...titles,
      curves: [
        { name: "network", x: along, y: learnt, mark: "points" },
        { name: "terms found", x: along, y: of(found), mark: "dashes" },
        { name: "refined", x: along, y: of(refined) },
      ],
    };
  }
}
