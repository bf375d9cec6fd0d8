export default function ServerPage() {
  return null;
}
