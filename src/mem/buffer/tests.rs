//! Unit tests of the buffers.

use super::*;
use std::rc::Rc;

#[test]
fn appends_and_consumes_like_a_vec() {
    let mut buffer = Buffer::new();
    let mut model: Vec<u8> = Vec::new();
    let mut seed = 12345_u32;
    for _ in 0..if cfg!(miri) { 100 } else { 2000 } {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let amount = (seed >> 24) as usize % 50;
        if seed & 0x100 == 0 {
            let bytes: Vec<u8> = (0..amount).map(|i| (seed as usize + i) as u8).collect();
            buffer.extend(&bytes).unwrap();
            model.extend(&bytes);
        } else {
            buffer.consume(amount);
            model.drain(..amount.min(model.len()));
        }
        assert_eq!(buffer.as_slice(), &model[..]);
        assert_eq!(buffer.len(), model.len());
    }
}

#[test]
fn a_queue_gives_back_its_elements_in_order_and_drops_the_rest() {
    let witness = Rc::new(());
    let mut queue = Buffer::new();
    for number in 0..10 {
        queue.push((number, Rc::clone(&witness))).unwrap();
    }
    for expected in 0..4 {
        assert_eq!(queue.pop_front().unwrap().0, expected);
    }
    assert_eq!(queue.front_mut().unwrap().0, 4);
    assert_eq!(queue.back_mut().unwrap().0, 9);
    assert_eq!(Rc::strong_count(&witness), 7);
    drop(queue);
    assert_eq!(Rc::strong_count(&witness), 1);
}

#[test]
fn consumed_room_of_a_large_buffer_is_given_back() {
    let mut buffer = Buffer::new();
    let large = std::array::from_fn::<_, 250, _>(|i| i as u8).repeat(1600);
    buffer.extend(&large).unwrap();
    buffer.consume(200_000);
    buffer.give_back_consumed();
    assert_eq!(buffer.len() + buffer.spare_capacity(), 200_000, "half is too little to move");
    buffer.consume(150_000);
    buffer.give_back_consumed();
    assert_eq!(buffer.spare_capacity(), 0);
    assert_eq!(buffer.as_slice(), &large[350_000..]);
}

#[test]
fn an_impossible_size_is_out_of_memory_and_changes_nothing() {
    let mut buffer = Buffer::new();
    buffer.extend(b"kept").unwrap();
    assert_eq!(buffer.reserve(usize::MAX), Err(OutOfMemory));
    assert_eq!(buffer.reserve(usize::MAX / 2), Err(OutOfMemory));
    assert_eq!(buffer.reserve_exact(usize::MAX), Err(OutOfMemory));
    assert_eq!(buffer.as_slice(), b"kept");
    assert!(Buffer::<[usize; 2]>::with_capacity(usize::MAX / 8).is_err());
}

#[test]
fn an_empty_buffer_is_one_pointer_and_no_memory() {
    assert_eq!(size_of::<Buffer<u8>>(), size_of::<*const u8>());
    let mut buffer = Buffer::<u8>::new();
    assert!(buffer.as_slice().is_empty() && buffer.pop_front().is_none());
    assert_eq!(buffer.spare_capacity(), 0);
    buffer.extend(b"x").unwrap();
    buffer.release();
    assert_eq!(buffer.spare_capacity(), 0);
}

#[test]
fn reserve_exact_takes_no_more_than_asked() {
    let mut buffer = Buffer::<u8>::new();
    buffer.reserve_exact(10).unwrap();
    assert_eq!(buffer.spare_capacity(), 10);
    buffer.extend(b"0123456789").unwrap();
    buffer.consume(4);
    buffer.reserve_exact(3).unwrap();
    assert_eq!(buffer.as_slice(), b"456789");
}

#[test]
fn kept_bytes_stay_where_they_are_whatever_becomes_of_the_buffer() {
    let original = b"**shown bytes";
    let changes: &[fn(&mut Buffer<u8>)] = &[
        |buffer| buffer.extend(&[7; 1000]).unwrap(),
        |buffer| buffer.reserve_exact(1000).unwrap(),
        |buffer| buffer.consume(usize::MAX),
        |buffer| {
            buffer.consume(usize::MAX);
            buffer.extend(b"other").unwrap();
        },
        |buffer| buffer.release(),
        |buffer| buffer.shrink(0),
        |buffer| assert!(buffer.prepend(b"++")),
        |buffer| assert!(buffer.overwrite(6, b"BYTES")),
        |buffer| buffer.crop(3..5),
        |buffer| buffer.extend_with_head(*b"head", 2, b"tail").unwrap(),
    ];
    for change in changes {
        let mut buffer = Buffer::new();
        buffer.extend(original).unwrap();
        buffer.consume(2);
        let kept = buffer.keep(0..6);
        change(&mut buffer);
        // SAFETY: `kept` keeps the bytes there, and the slice is gone before it is.
        let still_there = unsafe { std::slice::from_raw_parts(kept.as_ptr(), kept.len()) };
        assert_eq!(still_there, b"shown ");
        drop(kept);
        buffer.extend(b"!").unwrap();
    }
}

#[test]
fn a_head_and_a_tail_are_appended_as_one() {
    let mut buffer = Buffer::new();
    let mut model = Vec::new();
    for length in 0..=4 {
        buffer.extend_with_head(*b"head", length, &b"tail"[length..]).unwrap();
        model.extend([&b"head"[..length], &b"tail"[length..]].concat());
    }
    assert_eq!(buffer.as_slice(), model);
    assert!(!buffer.prepend(b"x"), "nothing was consumed");
    buffer.consume(3);
    assert!(!buffer.prepend(b"abcd") && buffer.prepend(b"abc"));
    model.splice(..3, *b"abc");
    assert_eq!(buffer.as_slice(), model);
    assert!(!Buffer::new().prepend(b"x"));
}

#[test]
fn what_is_not_there_is_not_kept() {
    let mut buffer = Buffer::new();
    assert!(buffer.keep(0..0).is_empty());
    buffer.extend(b"12345").unwrap();
    buffer.consume(1);
    let lengths = [0..4, 1..4, 4..4, 1..5, 5..6].map(|range| buffer.keep(range).len());
    assert_eq!(lengths, [4, 3, 0, 0, 0]);
}

#[test]
fn bytes_are_overwritten_in_place_where_there_are_as_many() {
    let mut buffer = Buffer::new();
    assert!(buffer.overwrite(0, b"") && !buffer.overwrite(0, b"x"));
    buffer.extend(b"-0123456789").unwrap();
    buffer.consume(1);
    assert!(buffer.overwrite(0, b"ab") && buffer.overwrite(8, b"yz"));
    assert!(!buffer.overwrite(9, b"no") && !buffer.overwrite(usize::MAX, b"no"));
    assert_eq!(buffer.as_slice(), b"ab234567yz");
}

#[test]
fn cropping_leaves_the_elements_of_a_range_and_the_memory() {
    let mut buffer = Buffer::with_capacity(20).unwrap();
    assert_eq!(buffer.idle_capacity(), 20);
    buffer.extend(b"-0123456789").unwrap();
    buffer.consume(1);
    buffer.crop(2..7);
    assert_eq!((buffer.as_slice(), buffer.idle_capacity()), (&b"23456"[..], 15));
    buffer.extend(b"+").unwrap();
    buffer.crop(1..100);
    assert_eq!(buffer.as_slice(), b"3456+");
    buffer.crop(9..9);
    assert!(buffer.is_empty());
}

#[test]
fn removed_bytes_are_gone_and_the_rest_moves_up() {
    let mut buffer = Buffer::new();
    buffer.extend(b"0123456789").unwrap();
    buffer.consume(1);
    buffer.remove(2..5);
    assert_eq!(buffer.as_slice(), b"126789");
    buffer.remove(5..7);
    assert_eq!(buffer.as_slice(), b"126789", "beyond the end: nothing");
    buffer.remove(0..6);
    assert!(buffer.is_empty());
}
