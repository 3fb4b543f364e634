//! Prints the lines that the reader finds on each page of a document, with the least sure character of each: for looking at
//! what the recognition of pictures does before any field is read from it.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let started = std::time::Instant::now();
        let read = refdesk::intake::read(&path, &std::fs::read(&path)?);
        for (number, page) in read.pages.iter().enumerate() {
            println!("== {path} page {}", number + 1);
            for line in &page.lines {
                let [left, top, right, bottom] = line.area;
                println!("{left:.3} {top:.3} {right:.3} {bottom:.3}  {}", line.text);
            }
        }
        println!("{:?} {:.1} s", read.warnings, started.elapsed().as_secs_f32());
    }
    Ok(())
}
