//! Integration tests of the facade and of the workspace as a whole, a module per road.

mod layers;
