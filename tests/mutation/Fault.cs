namespace Bootstrapper.Mutation;

/// <summary>One small fault in the program.</summary>
/// <param name="Number">Switches it on: the environment variable MUTANT.</param>
/// <param name="Folder">Of src/Bootstrapper.</param>
/// <param name="Place"><c>file:line</c>.</param>
internal sealed record Fault(int Number, string Folder, string Place, string What)
{
    public override string ToString() => $"{Number,5} {Place}: {What}";
}
