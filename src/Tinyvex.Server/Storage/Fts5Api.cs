using System.Runtime.InteropServices;

namespace Tinyvex.Storage;

/// <summary>The beginning of <c>fts5_api</c> (https://sqlite.org/fts5.html#extending_fts5), whose fields keep their places.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Fts5Api
{
    public int Version;

    public nint CreateTokenizer;

    public delegate* unmanaged[Cdecl]<Fts5Api*, byte*, nint*, Fts5Tokenizer*, int> FindTokenizer;

    public delegate* unmanaged[Cdecl]<
        Fts5Api*, byte*, nint, delegate* unmanaged[Cdecl]<Fts5Extension*, nint, nint, int, nint, void>, nint, int> CreateFunction;
}
