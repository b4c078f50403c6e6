//! Judgement of signatures after EN 319 102-1 and the Vietnamese circulars.
