CREATE TABLE "shown_events" (
	"case_id" "bytea" NOT NULL,
	"from_case" "bytea" NOT NULL,
	"index" integer NOT NULL,
	CONSTRAINT "shown_events_case_id_from_case_index_pk" PRIMARY KEY("case_id","from_case","index")
);
--> statement-breakpoint
ALTER TABLE "offers" ADD COLUMN "asked_by" "bytea";--> statement-breakpoint
ALTER TABLE "offers" ADD COLUMN "asked_at" integer;--> statement-breakpoint
ALTER TABLE "shown_events" ADD CONSTRAINT "shown_events_case_id_assignments_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."assignments"("case_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shown_events" ADD CONSTRAINT "shown_events_from_case_assignments_case_id_fk" FOREIGN KEY ("from_case") REFERENCES "public"."assignments"("case_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_asked_by_assignments_case_id_fk" FOREIGN KEY ("asked_by") REFERENCES "public"."assignments"("case_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- From here on an entry names its message. Those of before do not: whoever opens a case hands its keys on anew.
UPDATE "events" SET "device_keys" = '';
