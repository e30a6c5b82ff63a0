//! Gongkai.
