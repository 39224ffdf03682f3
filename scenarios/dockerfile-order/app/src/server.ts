import express from "express";
import { cart } from "./cart.js";
import { catalogue } from "./catalogue.js";

const app = express();
app.use(express.static("public"));
app.use("/cart", cart);
app.use("/catalogue", catalogue);
app.listen(3000);
