CREATE TABLE "blob_pieces" (
	"part" uuid NOT NULL,
	"n" smallint NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "blob_pieces_part_n_pk" PRIMARY KEY("part","n")
);
--> statement-breakpoint
ALTER TABLE "blob_parts" ADD COLUMN "part" uuid;--> statement-breakpoint
-- Sealed bytes do not compress, and a row of them fills a page: they stay in it.
ALTER TABLE "blob_pieces" ALTER COLUMN "bytes" SET STORAGE PLAIN;--> statement-breakpoint
-- What was deleted can be used again soon: after a fiftieth of the table, not after a fifth.
ALTER TABLE "blob_pieces" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.2);--> statement-breakpoint
ALTER TABLE "blob_parts" RESET (toast.autovacuum_vacuum_scale_factor, toast.autovacuum_vacuum_insert_scale_factor);--> statement-breakpoint
UPDATE "blob_parts" SET "part" = gen_random_uuid() WHERE "bytes" IS NOT NULL;--> statement-breakpoint
INSERT INTO "blob_pieces" SELECT "part", "n", substring("bytes" FROM "n" * 8066 + 1 FOR 8066)
	FROM "blob_parts" CROSS JOIN generate_series(0, (length("bytes") - 1) / 8066) "n" WHERE "part" IS NOT NULL;--> statement-breakpoint
-- Without a value the bytes are vacuumed away; a column that is dropped takes them nowhere.
UPDATE "blob_parts" SET "bytes" = NULL;--> statement-breakpoint
ALTER TABLE "blob_parts" DROP COLUMN "bytes";
