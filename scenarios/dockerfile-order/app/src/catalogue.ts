import { Router } from "express";

export const prices = new Map([
  ["apple", 0.5],
  ["bread", 2.8],
  ["cheese", 6.4],
]);

export const catalogue = Router();

catalogue.get("/", (_, response) => {
  response.json(Object.fromEntries(prices));
});
