//! The listener over real sockets: half blocks, garbage, a sender that never ends, several at once.

use super::*;
use std::sync::atomic::AtomicUsize;

fn echo() -> (Listener, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let take = move |bytes: Vec<u8>, whole| {
        count.fetch_add(1, Ordering::Relaxed);
        match bytes.as_slice() {
            b"MSH|silent" => Ok(None),
            b"MSH|broken" => Err(()),
            _ if whole == Whole::TooLong => Ok(Some(b"too long".to_vec())),
            _ => Ok(Some([b"ok ", bytes.as_slice()].concat())),
        }
    };
    let listener = Listener::open("127.0.0.1:0".parse().unwrap(), Vec::new(), Arc::new(take)).unwrap();
    (listener, taken)
}

fn connect(listener: &Listener) -> TcpStream {
    let stream = TcpStream::connect(listener.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

fn answer(stream: &mut TcpStream) -> String {
    let (mut out, mut byte) = (Vec::new(), [0]);
    while stream.read(&mut byte).unwrap() == 1 {
        out.push(byte[0]);
        if out.ends_with(b"\x1c\r") {
            return String::from_utf8(out[1..out.len() - 2].to_vec()).unwrap();
        }
    }
    format!("gone after {out:?}")
}

#[test]
fn blocks_are_answered_in_their_order_however_they_come() {
    let (listener, _) = echo();
    let mut stream = connect(&listener);
    stream.write_all(&block(b"MSH|1")).unwrap();
    assert_eq!(answer(&mut stream), "ok MSH|1");
    // Two in one packet, then one in three, then one without its carriage return.
    stream
        .write_all(&[block(b"MSH|2"), block(b"MSH|silent"), block(b"MSH|3")].concat())
        .unwrap();
    assert_eq!(
        [answer(&mut stream), answer(&mut stream)],
        ["ok MSH|2", "ok MSH|3"]
    );
    for part in [b"\x0bMS".as_slice(), b"H|4\x1c", b"\r"] {
        stream.write_all(part).unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(answer(&mut stream), "ok MSH|4");
    stream.write_all(b"\x0bMSH|5\x1c").unwrap();
    assert_eq!(answer(&mut stream), "ok MSH|5");
    // One who has said everything and closes its side still hears the answer.
    stream.write_all(b"\x0bMSH|6\x1c").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(answer(&mut stream), "ok MSH|6");
}

#[test]
fn what_is_no_block_is_not_taken() {
    let (listener, taken) = echo();
    let mut half = connect(&listener);
    half.write_all(b"\x0bMSH|half").unwrap();
    drop(half);
    let mut noise = connect(&listener);
    let _ = noise.write_all(&[b'x'; 8 << 10]);
    assert!(matches!(noise.read(&mut [0]), Ok(0) | Err(_)));
    let mut broken = connect(&listener);
    broken.write_all(&block(b"MSH|broken")).unwrap();
    assert!(answer(&mut broken).starts_with("gone"));
    assert_eq!(taken.load(Ordering::Relaxed), 1);
    // A sender that never ends is told so, and goes; the others do not notice.
    let mut endless = connect(&listener);
    let writer = endless.try_clone().unwrap();
    let pours = std::thread::spawn(move || {
        let mut writer = writer;
        let _ = writer.write_all(b"\x0bMSH|");
        while writer.write_all(&[b'x'; 1 << 16]).is_ok() {}
    });
    let mut other = connect(&listener);
    other.write_all(&block(b"MSH|a")).unwrap();
    assert_eq!(answer(&mut other), "ok MSH|a");
    pours.join().unwrap();
    let mut said = Vec::new();
    let _ = endless.read_to_end(&mut said);
    assert_eq!(taken.load(Ordering::Relaxed), 3);
}

#[test]
fn more_connections_than_there_is_room_for_cost_the_silent_one_its_place() {
    let (listener, _) = echo();
    let mut all: Vec<TcpStream> = (0..MOST).map(|_| connect(&listener)).collect();
    for (number, stream) in all.iter_mut().enumerate() {
        stream
            .write_all(&block(format!("MSH|{number}").as_bytes()))
            .unwrap();
        assert_eq!(answer(stream), format!("ok MSH|{number}"));
    }
    let mut late = connect(&listener);
    late.write_all(&block(b"MSH|late")).unwrap();
    assert_eq!(answer(&mut late), "ok MSH|late");
    assert!(matches!(all[0].read(&mut [0]), Ok(0) | Err(_)));
    all[1].write_all(&block(b"MSH|still")).unwrap();
    assert_eq!(answer(&mut all[1]), "ok MSH|still");
}

#[test]
fn it_listens_to_the_clinic_and_ends_at_once() {
    let take: Arc<Take> = Arc::new(|_, _| Ok(None));
    for address in ["8.8.8.8:2575", "0.0.0.0:2575", "[::]:2575"] {
        assert!(Listener::open(address.parse().unwrap(), Vec::new(), Arc::clone(&take)).is_err());
    }
    let other = vec!["10.1.2.3".parse().unwrap()];
    let listener = Listener::open("127.0.0.1:0".parse().unwrap(), other, take).unwrap();
    let mut stream = connect(&listener);
    assert!(
        matches!(stream.read(&mut [0]), Ok(0) | Err(_)),
        "it is not on the list"
    );
    let (began, idle) = (Instant::now(), connect(&listener));
    drop(listener);
    assert!(began.elapsed() < Duration::from_secs(5));
    drop(idle);
}
