import { defineConfig } from "vite";

// The page asks its own server, which passes the API's calls on: so Lignage needs no setting for it.
const lignage = process.env["LIGNAGE"] ?? "http://127.0.0.1:8000";

export default defineConfig({ server: { proxy: { "/api": lignage } } });
