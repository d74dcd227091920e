ALTER TABLE "assignments" ADD COLUMN "stage" text DEFAULT 'new' NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "standing" text DEFAULT 'holder' NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "offer" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "from_case" "bytea";--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "origin" text DEFAULT 'chosen' NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "origin_agency" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "due" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "due_told" text;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "device_id" "bytea" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "particulars" "bytea";