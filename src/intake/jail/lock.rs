//! What Linux can take away from a process that only has to think: files, the network, other processes.
//!
//! Owns the list of system calls that a reader needs. Must not know what is read. Landlock (kernel 5.13) closes every file
//! and port; seccomp lets through the calls listed here and answers the others with "not permitted".

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus};
use seccompiler::{
    SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
    apply_filter,
};
use std::collections::BTreeMap;

/// Calls of a process that has its input and output open, allocates, and runs threads: the C library's and Rust's own.
const NEEDED: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_lseek,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_tgkill,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_membarrier,
    libc::SYS_restart_syscall,
    // Answered by the other filter.
    libc::SYS_clone3,
];

/// What could be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked {
    /// Files and the network, by Landlock.
    pub files: bool,
    /// System calls, by seccomp.
    pub calls: bool,
}

/// Locks this thread and those that it starts.
pub fn lock() -> Locked {
    Locked {
        files: close_files().unwrap_or(false),
        calls: close_calls().is_some(),
    }
}

fn close_files() -> Option<bool> {
    let newest = ABI::V5;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(newest))
        .ok()?
        .handle_access(AccessNet::from_all(newest))
        .ok()?
        .create()
        .ok()?
        .restrict_self()
        .ok()?;
    Some(status.ruleset != RulesetStatus::NotEnforced)
}

fn close_calls() -> Option<()> {
    let machine = TargetArch::try_from(std::env::consts::ARCH).ok()?;
    // A thread is a clone that shares the process; any other would be a process of its own.
    let thread = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::MaskedEq(libc::CLONE_THREAD as u64),
        libc::CLONE_THREAD as u64,
    )
    .ok()?;
    let mut allowed: BTreeMap<i64, Vec<SeccompRule>> =
        NEEDED.iter().map(|call| (*call, Vec::new())).collect();
    allowed.insert(libc::SYS_clone, vec![SeccompRule::new(vec![thread]).ok()?]);
    // A thread's name, and nothing else that prctl does.
    let name = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Eq,
        libc::PR_SET_NAME as u64,
    )
    .ok()?;
    allowed.insert(libc::SYS_prctl, vec![SeccompRule::new(vec![name]).ok()?]);
    let listed = SeccompFilter::new(
        allowed,
        SeccompAction::Errno(libc::EPERM as u32),
        SeccompAction::Allow,
        machine,
    )
    .ok()?;
    // What clone3 is asked stands in memory, where no filter sees it: the C library is told that there is no such call and
    // takes clone.
    let newer = SeccompFilter::new(
        BTreeMap::from([(libc::SYS_clone3, Vec::new())]),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS as u32),
        machine,
    )
    .ok()?;
    let (newer, listed): (seccompiler::BpfProgram, seccompiler::BpfProgram) =
        (newer.try_into().ok()?, listed.try_into().ok()?);
    // The list comes last: once it is in force, no further filter can be set.
    apply_filter(&newer).ok()?;
    apply_filter(&listed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    #[test]
    fn a_locked_thread_can_think_and_nothing_else() {
        let found = std::thread::spawn(|| {
            let file = || std::fs::File::open("/proc/self/status").map(|_| ());
            let before = file().is_ok();
            let locked = lock();
            let thought = std::thread::spawn(|| (0..1_000).collect::<Vec<u64>>().iter().sum::<u64>()).join();
            let tries = [
                file().map_err(|error| error.kind()),
                std::net::TcpListener::bind("127.0.0.1:0")
                    .map(|_| ())
                    .map_err(|error| error.kind()),
                std::fs::write("/tmp/never", "x").map_err(|error| error.kind()),
            ];
            (before, locked, thought.ok(), tries)
        })
        .join()
        .unwrap();
        let (before, locked, thought, tries) = found;
        assert!(before);
        assert_eq!(thought, Some(499_500));
        // A kernel that has neither cannot be tested.
        if locked.calls {
            assert_eq!(tries, [Err(ErrorKind::PermissionDenied); 3]);
        }
    }
}
