# The service alone, for use with a PostgreSQL elsewhere: no dev dependencies, no embedded PostgreSQL.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Optional packages are Node 24 (the image has it) and PostgreSQL's binaries.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

# The web form. Its bundler is a dev dependency with an optional package for each machine.
FROM node:24-bookworm-slim AS form
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY vite.config.ts tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
# For instance: --service https://report.example --deployment ID
ARG FORM_OPTIONS=""
RUN node scripts/build-web.ts $FORM_OPTIONS

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=form /app/dist/web ./dist/web
COPY package.json LICENSE ./
COPY migrations ./migrations
COPY src ./src
ENV BONGSU_REPORTER_LISTEN=0.0.0.0:4080 \
    BONGSU_AGENCY_LISTEN=0.0.0.0:4081
EXPOSE 4080 4081
USER node
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4080/v1/health').then(r => r.json()).then(h => process.exit(h.database ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/cli/main.ts", "serve"]
