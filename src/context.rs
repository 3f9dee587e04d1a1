//! The memory behind a context pointer that C holds, and the rules by which it is
//! entered, left and freed (contract C1, C2).
//!
//! A callback may call back into the context that is calling it. So nobody ever
//! has a mutable reference to a [`Context`], and the engine in it is borrowed only
//! inside [`Handle::with`], whose closure must not call C: no reference is alive
//! when a callback runs. A free from inside a callback marks the context, and the
//! outermost call frees it on its way out.

use crate::mem::{OutOfMemory, Owned};
use ::core::cell::{Cell, UnsafeCell};
use ::core::ptr::NonNull;
use libc::{c_int, c_void};

/// What a context pointer leads to. `C` are the callbacks, `E` the engine.
pub struct Context<C, E> {
    callbacks: Cell<C>,
    user_data: *mut c_void,
    /// The error value of contract E3.
    error: Cell<c_int>,
    receiving: Cell<bool>,
    sending: Cell<bool>,
    freed: Cell<bool>,
    engine: UnsafeCell<E>,
    /// Whether [`Handle::with`] is at work.
    #[cfg(debug_assertions)]
    borrowed: Cell<bool>,
}

/// The kinds of call that can be under way on a context, each at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// A recv function.
    Receiving,
    /// A send or write function.
    Sending,
}

/// A context that is alive for the length of the current call from C.
pub struct Handle<C, E> {
    context: NonNull<Context<C, E>>,
}

impl<C, E> Clone for Handle<C, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C, E> Copy for Handle<C, E> {}

impl<C: Copy, E> Handle<C, E> {
    /// What a context takes, in bytes.
    pub const SIZE: usize = size_of::<Context<C, E>>();

    /// Makes a context, to be freed by [`Handle::free`].
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn create(callbacks: C, user_data: *mut c_void, engine: E) -> Result<Self, OutOfMemory> {
        let context = Context {
            callbacks: Cell::new(callbacks),
            user_data,
            error: Cell::new(0),
            receiving: Cell::new(false),
            sending: Cell::new(false),
            freed: Cell::new(false),
            engine: UnsafeCell::new(engine),
            #[cfg(debug_assertions)]
            borrowed: Cell::new(false),
        };
        Ok(Self { context: Owned::try_new(context)?.into_raw() })
    }

    /// The context that C's pointer `opaque` stands for; nothing for NULL.
    ///
    /// # Safety
    /// `opaque` is NULL, or comes from [`Handle::as_opaque`] of the same `C` and `E`
    /// and has not been freed; no other thread uses the context during the current
    /// call from C, beyond which the handle must not be kept.
    pub unsafe fn from_opaque<O>(opaque: *mut O) -> Option<Self> {
        NonNull::new(opaque.cast()).map(|context| Self { context })
    }

    /// The pointer that C holds.
    pub fn as_opaque<O>(self) -> *mut O {
        self.context.as_ptr().cast()
    }

    /// A look at the context, for one expression: it must not outlive a call into C.
    fn context(&self) -> &Context<C, E> {
        // SAFETY: the context is alive (from_opaque). The reference is shared, and all that is ever
        // written lies in cells.
        unsafe { self.context.as_ref() }
    }

    /// The callbacks as they are now; a callback may replace them.
    pub fn callbacks(self) -> C {
        self.context().callbacks.get()
    }

    /// Replaces the callbacks.
    pub fn set_callbacks(self, callbacks: C) {
        self.context().callbacks.set(callbacks);
    }

    /// The program's pointer, which the library never follows.
    pub fn user_data(self) -> *mut c_void {
        self.context().user_data
    }

    /// The error value (E3).
    pub fn error(self) -> c_int {
        self.context().error.get()
    }

    /// Sets the error value.
    pub fn set_error(self, error: c_int) {
        self.context().error.set(error);
    }

    /// Whether the context was freed by a callback of the call under way: no further
    /// callback may run.
    pub fn is_freed(self) -> bool {
        self.context().freed.get()
    }

    /// Uses the engine. `use_engine` must not call C nor `with`, and what it gives
    /// cannot borrow the engine.
    pub fn with<R: 'static>(self, use_engine: impl FnOnce(&mut E) -> R) -> R {
        #[cfg(debug_assertions)]
        assert!(!self.context().borrowed.replace(true), "with inside with");
        // SAFETY: this is the only reference to the engine: they are made only here, and no closure
        // in this crate calls C or `with`.
        let result = use_engine(unsafe { &mut *self.context().engine.get() });
        #[cfg(debug_assertions)]
        self.context().borrowed.set(false);
        result
    }

    /// Begins a call that will run callbacks. Nothing if such a call is under way
    /// already, which C2 defines to do nothing.
    pub fn enter(self, activity: Activity) -> Option<Entered<C, E>> {
        if self.is_freed() || self.under_way(activity).replace(true) {
            return None;
        }
        Some(Entered { handle: self, activity })
    }

    fn under_way(&self, activity: Activity) -> &Cell<bool> {
        match activity {
            Activity::Receiving => &self.context().receiving,
            Activity::Sending => &self.context().sending,
        }
    }

    fn is_entered(self) -> bool {
        self.context().receiving.get() || self.context().sending.get()
    }

    /// Frees the context: at once, or when the outermost call under way returns.
    ///
    /// # Safety
    /// The context is not used after that, but by the calls under way.
    pub unsafe fn free(self) {
        if self.is_entered() {
            self.context().freed.set(true);
        } else {
            // SAFETY: the context comes from `create`, and the caller vouches that nobody uses it
            // any more.
            drop(unsafe { Owned::from_raw(self.context) });
        }
    }
}

/// A call under way that runs callbacks; ends when dropped.
pub struct Entered<C: Copy, E> {
    handle: Handle<C, E>,
    activity: Activity,
}

impl<C: Copy, E> Entered<C, E> {
    /// The context, which stays alive as long as this.
    pub fn handle(&self) -> Handle<C, E> {
        self.handle
    }
}

impl<C: Copy, E> Drop for Entered<C, E> {
    fn drop(&mut self) {
        self.handle.under_way(self.activity).set(false);
        if self.handle.is_freed() && !self.handle.is_entered() {
            // SAFETY: this was the outermost call, and C promised not to use the context after it
            // when it freed it.
            unsafe { self.handle.free() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    type TestHandle = Handle<i32, Rc<()>>;

    #[test]
    fn c2_a_call_nested_in_itself_is_refused() {
        let handle = TestHandle::create(7, std::ptr::null_mut(), Rc::new(())).unwrap();
        let receiving = handle.enter(Activity::Receiving).unwrap();
        assert!(handle.enter(Activity::Receiving).is_none());
        assert!(handle.enter(Activity::Sending).is_some());
        assert!(handle.enter(Activity::Sending).is_some(), "left again");
        drop(receiving);
        assert!(handle.enter(Activity::Receiving).is_some());
        // SAFETY: the handle is not used any more.
        unsafe { handle.free() };
    }

    #[test]
    fn c2_a_free_inside_a_call_waits_for_the_outermost() {
        let witness = Rc::new(());
        let handle = TestHandle::create(7, std::ptr::null_mut(), Rc::clone(&witness)).unwrap();
        let outer = handle.enter(Activity::Receiving).unwrap();
        let inner = handle.enter(Activity::Sending).unwrap();
        // SAFETY: only the calls under way use the context after that.
        unsafe { handle.free() };
        // SAFETY: as above.
        unsafe { handle.free() };
        drop(inner);
        assert!(handle.is_freed() && handle.enter(Activity::Sending).is_none());
        assert_eq!(Rc::strong_count(&witness), 2);
        drop(outer);
        assert_eq!(Rc::strong_count(&witness), 1);
    }
}
