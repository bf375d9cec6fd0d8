namespace Tinyvex.Cli.Proxying;

internal sealed class Blind : IWitness
{
    public bool WaitsForAnswer => false;

    public void AgentSaid(CutLine line)
    {
    }

    public void EditorSaid(CutLine line)
    {
    }

    public bool TryTakeAnswer(byte[] line) => false;
}
