//! Opens documents and keeps their pages as JSON, one file a document: `keep_pages OUT FILE…`. Pictures are read once here;
//! `read_folder` understands the kept pages again in an instant, which is what working on the reader of fields needs.
//! A document whose pages are kept already is passed over.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let out = arguments.next().ok_or("usage: keep_pages OUT FILE…")?;
    std::fs::create_dir_all(&out)?;
    for path in arguments {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let kept = out.join(format!("{name}.pages.json"));
        if kept.exists() {
            continue;
        }
        let started = std::time::Instant::now();
        let source = refdesk::intake::open(&name, &std::fs::read(&path)?);
        let pages = source.sheets.len();
        std::fs::write(&kept, serde_json::to_vec(&source)?)?;
        println!("{name}\t{pages}\t{:.2}", started.elapsed().as_secs_f32());
    }
    Ok(())
}
