using System.Runtime.InteropServices;

namespace Tinyvex.Storage;

/// <summary>The beginning of <c>Fts5ExtensionApi</c>: what a function may ask of the row it is called for.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Fts5Extension
{
    public int Version;

    public nint UserData;

    public nint ColumnCount;

    public nint RowCount;

    public nint ColumnTotalSize;

    public nint Tokenize;

    public delegate* unmanaged[Cdecl]<nint, int> PhraseCount;

    public delegate* unmanaged[Cdecl]<nint, int, int> PhraseSize;

    public delegate* unmanaged[Cdecl]<nint, int*, int> InstanceCount;

    public delegate* unmanaged[Cdecl]<nint, int, int*, int*, int*, int> Instance;

    public nint Rowid;

    public nint ColumnText;

    public delegate* unmanaged[Cdecl]<nint, int, int*, int> ColumnSize;
}
