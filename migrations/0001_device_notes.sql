CREATE TABLE "device_notes" (
	"device_id" "bytea" PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"sealed" "bytea" NOT NULL
);
