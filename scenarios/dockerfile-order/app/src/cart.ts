import { Router } from "express";
import { prices } from "./catalogue.js";

const items = new Map<string, number>();

export const cart = Router();

cart.post("/:name", (request, response) => {
  const count = (items.get(request.params.name) ?? 0) + 1;
  items.set(request.params.name, count);
  response.json({ name: request.params.name, count });
});

cart.get("/", (_, response) => {
  let total = 0;
  for (const [name, count] of items) total += count * (prices.get(name) ?? 0);
  response.json({ items: Object.fromEntries(items), total });
});
