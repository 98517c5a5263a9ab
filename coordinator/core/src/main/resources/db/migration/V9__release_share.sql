-- For which share of the devices a release is, in parts of 10 000: as in its bytes, here for finding the one in force for all.
alter table model_release add column share integer default 10000 not null;
