import { memo, useMemo, type ComponentProps, type ReactNode } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { CodeBlock } from "../code/code-block.js";
import { visibleText } from "../text/visible-text.js";
import { safeImage, safeLink } from "./link-policy.js";
import { markdownBlocks } from "./markdown-blocks.js";
import "./markdown.css";

/** UTF-16 units beyond which a text is shown as it is: reading a megabyte of markdown would stop the page. */
export const mostMarkdown = 200_000;

/** What an agent wrote. HTML in it stays text, links are only followed out of the console, and nothing is fetched. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => (text.length > mostMarkdown ? null : markdownBlocks(visibleText(text))), [text]);
  if (!blocks) return <pre className="long-text" dir="auto">{visibleText(text)}</pre>;
  return <div className="markdown">{blocks.map((block, at) => <Block key={at} text={block} />)}</div>;
});

const Block = memo(function Block({ text }: { text: string }) {
  return <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={urlTransform}>{text}</ReactMarkdown>;
});

const plugins = [remarkGfm];

function urlTransform(url: string, key: string): string | undefined {
  return key === "href" ? (url.startsWith("#") ? undefined : safeLink(url)) : safeImage(url);
}

const components: Components = {
  a: ({ href, children }) => (href ? <a href={href} target="_blank" rel="noopener noreferrer">{children}</a> : <span className="no-link">{children}</span>),
  img: ({ src, alt }) => (src ? <img src={src} alt={alt ?? ""} loading="lazy" /> : <span className="no-image">[image{alt ? `: ${alt}` : ""}]</span>),
  pre: ({ children }) => <Fenced>{children}</Fenced>,
  table: ({ children }) => <div className="table" tabIndex={0} role="group" aria-label="Table"><table>{children}</table></div>,
  p: ({ children }) => <p dir="auto">{children}</p>,
  li: ({ children, className }) => <li dir="auto" className={className}>{children}</li>,
  blockquote: ({ children }) => <blockquote dir="auto">{children}</blockquote>,
  // The page has the first heading; those of an answer stand below it.
  h1: ({ children }) => <h2 dir="auto" className="h1">{children}</h2>,
  h2: ({ children }) => <h3 dir="auto" className="h2">{children}</h3>,
  h3: ({ children }) => <h4 dir="auto" className="h3">{children}</h4>,
  h4: ({ children }) => <h5 dir="auto" className="h3">{children}</h5>,
  h5: ({ children }) => <h6 dir="auto" className="h3">{children}</h6>,
  h6: ({ children }) => <h6 dir="auto" className="h3">{children}</h6>,
  input: ({ checked }: ComponentProps<"input">) => <span role="img" aria-label={checked ? "done" : "to do"} className={checked ? "task done" : "task"} />,
};

/** A fenced or indented block: react-markdown gives it as `pre` around `code`. */
function Fenced({ children }: { children: ReactNode }) {
  const { className = "", children: text } = (children as { props: { className?: string; children?: ReactNode } }).props;
  const language = /language-([\w+#-]+)/.exec(className)?.[1]?.toLowerCase() ?? null;
  return <CodeBlock text={String(text ?? "").replace(/\n$/, "")} language={language} />;
}
