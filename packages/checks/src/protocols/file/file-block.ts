import type { Operators } from '../../template/operators.ts';

/** Looks into files of a folder that its user names; never into those of a scanned host. */
export interface FileBlock {
  readonly protocol: 'file';
  /** Endings with their dot, in small letters; null: every kind of file that holds text. */
  readonly extensions: readonly string[] | null;
  /** Endings with their dot and names of files, in small letters, that are left out. */
  readonly denied: readonly string[];
  /** Bytes of one file that are looked at. */
  readonly maxSize: number;
  /** Folders below the named one too. */
  readonly recursive: boolean;
  readonly operators: Operators;
}

/** Kinds of file that hold no text: pictures, sound, films, fonts, archives and programs. A template may name one all the same. */
const withoutText = new Set(
  [
    'bmp gif ico jpeg jpg png psd tif tiff webp xcf',
    'flac m4a mp3 oga ogg wav wma',
    '3gp avi flv m4v mkv mov mp4 mpeg mpg ogv webm wmv',
    'eot otf ttf woff woff2',
    '7z apk arj bz2 cab deb gz iso jar lz4 lzma msi pkg rar rpm tar tgz war xz zip zst',
    'a bin class dll dylib elf exe o obj pyc so sys',
    'doc docx odt pdf ppt pptx xls xlsx',
  ].flatMap((kinds) => kinds.split(' ').map((kind) => `.${kind}`)),
);

/** Whether a block looks into a file of this name. */
export function looksInto(block: Pick<FileBlock, 'extensions' | 'denied'>, path: string): boolean {
  const name = (path.split('/').at(-1) ?? '').toLowerCase();
  const dot = name.lastIndexOf('.');
  const ending = dot < 0 ? '' : name.slice(dot);
  if (block.denied.includes(name) || (ending !== '' && block.denied.includes(ending))) return false;
  return block.extensions === null ? !withoutText.has(ending) : block.extensions.includes(ending);
}
