CREATE TABLE "feeds" (
	"agency_id" text PRIMARY KEY NOT NULL,
	"position" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "devices" (
	"device_id" "bytea" PRIMARY KEY NOT NULL,
	"agency_id" text NOT NULL,
	"signing_key" "bytea" NOT NULL,
	"certificate" text NOT NULL,
	"scopes" text[] NOT NULL,
	"valid_from" text NOT NULL,
	"valid_until" text NOT NULL,
	"revoked" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"version" integer NOT NULL,
	"note" text NOT NULL,
	CONSTRAINT "documents_kind_subject_version_pk" PRIMARY KEY("kind","subject","version")
);
--> statement-breakpoint
CREATE TABLE "spent_nonces" (
	"nonce" "bytea" PRIMARY KEY NOT NULL,
	"hour" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "assignments" (
	"case_id" "bytea" PRIMARY KEY NOT NULL,
	"report_id" "bytea" NOT NULL,
	"agency_id" text NOT NULL,
	"key_id" "bytea" NOT NULL,
	"withdrawn" boolean DEFAULT false NOT NULL,
	"state" text DEFAULT 'new' NOT NULL,
	"head" "bytea" NOT NULL,
	"event_count" integer DEFAULT 0 NOT NULL,
	"wish_nonce" text,
	"wish_signature" "bytea",
	"position" bigint,
	"changed" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"case_id" "bytea" NOT NULL,
	"index" integer NOT NULL,
	"core" "bytea" NOT NULL,
	"tag" "bytea" NOT NULL,
	"signature" "bytea" NOT NULL,
	"certificate" text NOT NULL,
	"device_keys" "bytea" NOT NULL,
	CONSTRAINT "events_case_id_index_pk" PRIMARY KEY("case_id","index")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"report_id" "bytea" NOT NULL,
	"index" integer NOT NULL,
	"digest" "bytea" NOT NULL,
	"day" text NOT NULL,
	"header" "bytea" NOT NULL,
	"commitment" "bytea" NOT NULL,
	"body" "bytea" NOT NULL,
	CONSTRAINT "messages_report_id_index_pk" PRIMARY KEY("report_id","index")
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"report_id" "bytea" PRIMARY KEY NOT NULL,
	"status_key" "bytea" NOT NULL,
	"digest" "bytea" NOT NULL,
	"wraps" "bytea" NOT NULL,
	"leaf" "bytea" NOT NULL,
	"recipients_tag" "bytea" NOT NULL,
	"receipt" text NOT NULL,
	"day" text NOT NULL,
	"bucket" integer NOT NULL,
	"urgent" boolean NOT NULL,
	"withdrawn" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wrapped_keys" (
	"case_id" "bytea" NOT NULL,
	"index" integer NOT NULL,
	"key_id" "bytea" NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"seen_head" "bytea",
	CONSTRAINT "wrapped_keys_case_id_index_pk" PRIMARY KEY("case_id","index")
);
--> statement-breakpoint
CREATE TABLE "replies" (
	"mailbox_id" "bytea" NOT NULL,
	"message_id" "bytea" NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "replies_mailbox_id_message_id_pk" PRIMARY KEY("mailbox_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "reply_quotas" (
	"subject" "bytea" PRIMARY KEY NOT NULL,
	"day" text NOT NULL,
	"sent" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_report_id_reports_report_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("report_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_case_id_assignments_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."assignments"("case_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_report_id_reports_report_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("report_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wrapped_keys" ADD CONSTRAINT "wrapped_keys_case_id_assignments_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."assignments"("case_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "devices_agency_id_index" ON "devices" USING btree ("agency_id");--> statement-breakpoint
CREATE INDEX "spent_nonces_hour_index" ON "spent_nonces" USING btree ("hour");--> statement-breakpoint
CREATE UNIQUE INDEX "assignments_report_id_agency_id_index" ON "assignments" USING btree ("report_id","agency_id");--> statement-breakpoint
CREATE INDEX "assignments_agency_id_position_index" ON "assignments" USING btree ("agency_id","position");--> statement-breakpoint
CREATE INDEX "assignments_changed" ON "assignments" USING btree ("agency_id") WHERE changed;--> statement-breakpoint
-- Ciphertext does not compress: keep PostgreSQL from trying.
ALTER TABLE "messages" ALTER COLUMN "body" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "replies" ALTER COLUMN "sealed" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "wrapped_keys" ALTER COLUMN "wrapped" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "events" ALTER COLUMN "device_keys" SET STORAGE EXTERNAL;
