using Tinyvex.Contract.TypeScript;

// ./build.sh protocol [--check], from the root of the repository.
var isCheck = args is ["--check"];
if (!isCheck && args.Length > 0)
{
    Console.Error.WriteLine($"'{args[0]}' is not known; there is --check");
    return 2;
}

var generated = ProtocolFile.Generate();
var written = File.Exists(ProtocolFile.Path) ? File.ReadAllText(ProtocolFile.Path).ReplaceLineEndings("\n") : "";
if (generated == written)
{
    Console.WriteLine($"{ProtocolFile.Path} is as the contract says.");
    return 0;
}

if (isCheck)
{
    Console.Error.WriteLine($"{ProtocolFile.Path} is not what the contract says; ./build.sh protocol writes it anew");
    return 1;
}

File.WriteAllText(ProtocolFile.Path, generated);
Console.WriteLine($"{ProtocolFile.Path} is written anew.");
return 0;
