CREATE TABLE "blob_parts" (
	"blob_id" "bytea" NOT NULL,
	"index" integer NOT NULL,
	"hash" "bytea" NOT NULL,
	"bytes" "bytea",
	"etag" text,
	CONSTRAINT "blob_parts_blob_id_index_pk" PRIMARY KEY("blob_id","index")
);
--> statement-breakpoint
CREATE TABLE "blobs" (
	"blob_id" "bytea" PRIMARY KEY NOT NULL,
	"capability" "bytea",
	"state" text NOT NULL,
	"kind" text NOT NULL,
	"length" bigint NOT NULL,
	"parts" integer DEFAULT 0 NOT NULL,
	"expires" integer,
	"report_id" "bytea",
	"index" integer,
	"reader" "bytea",
	"transfer" text,
	"moved" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "blobs_capability_unique" UNIQUE("capability"),
	CONSTRAINT "blobs_reader_unique" UNIQUE("reader")
);
--> statement-breakpoint
ALTER TABLE "blob_parts" ADD CONSTRAINT "blob_parts_blob_id_blobs_blob_id_fk" FOREIGN KEY ("blob_id") REFERENCES "public"."blobs"("blob_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "blobs_report_id_index_index" ON "blobs" USING btree ("report_id","index");--> statement-breakpoint
CREATE INDEX "blobs_waiting" ON "blobs" USING btree ("expires") WHERE state <> 'claimed' or expires is not null;--> statement-breakpoint
-- Sealed bytes do not compress: neither try, nor read more of a part than a range asks for.
ALTER TABLE "blob_parts" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;--> statement-breakpoint
-- What was deleted can be used again soon: after a fiftieth of the table, not after a fifth.
ALTER TABLE "blob_parts" SET (toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_insert_scale_factor = 0.2);
