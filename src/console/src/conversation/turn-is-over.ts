import { createContext } from "react";

/** Whether the turn that began last has ended: what an agent has left open in it then stays so. */
export const TurnIsOver = createContext(false);
