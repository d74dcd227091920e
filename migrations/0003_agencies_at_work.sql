CREATE TABLE "offers" (
	"case_id" "bytea" NOT NULL,
	"from_case" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"place" integer NOT NULL,
	"since" integer,
	"keys" "bytea",
	CONSTRAINT "offers_case_id_from_case_kind_pk" PRIMARY KEY("case_id","from_case","kind")
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "stage" text DEFAULT 'new' NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "standing" text DEFAULT 'holder' NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "origin" text DEFAULT 'chosen' NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "origin_agency" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "due" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "due_told" text;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "device_id" "bytea" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "particulars" "bytea";--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_case_id_assignments_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."assignments"("case_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_from_case_assignments_case_id_fk" FOREIGN KEY ("from_case") REFERENCES "public"."assignments"("case_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "offers_from_case_index" ON "offers" USING btree ("from_case");