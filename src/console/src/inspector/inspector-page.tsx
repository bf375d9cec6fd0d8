export default function InspectorPage() {
  return null;
}
