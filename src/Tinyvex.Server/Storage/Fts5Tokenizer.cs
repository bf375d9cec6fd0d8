using System.Runtime.InteropServices;

namespace Tinyvex.Storage;

/// <summary><c>fts5_tokenizer</c>: what makes tokens of a text.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Fts5Tokenizer
{
    public delegate* unmanaged[Cdecl]<nint, byte**, int, nint*, int> Create;

    public delegate* unmanaged[Cdecl]<nint, void> Delete;

    public delegate* unmanaged[Cdecl]<nint, nint, int, byte*, int, delegate* unmanaged[Cdecl]<nint, int, byte*, int, int, int, int>, int> Tokenize;
}
