using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Bootstrapper.Mutation;

/// <summary>The program with all its faults, compiled once.</summary>
internal sealed partial class FaultyProgram(string top, string work, IReadOnlyList<string> folders)
{
    /// <summary>Of a regular expression, in milliseconds.</summary>
    private const int Patience = 60_000;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly string _source = Path.Combine(top, "src/Bootstrapper");
    private readonly HashSet<int> _without = [];
    private readonly Dictionary<string, SyntaxTree> _written = [];

    /// <summary>Leaves out what does not compile, until all the rest does.</summary>
    public async Task<IReadOnlyList<Fault>> CompileAsync(string output)
    {
        var arguments = await CompilerArgumentsAsync(output);
        while (true)
        {
            var faults = Write();
            var before = _without.Count;
            foreach (Match error in Errors().Matches(await CscAsync(arguments)))
            {
                _without.UnionWith(Culprits(error));
            }

            if (_without.Count == before)
            {
                Console.WriteLine($"{faults.Count - before} faults; {before} more do not compile");
                return [.. faults.Where(fault => !_without.Contains(fault.Number))];
            }
        }
    }

    private List<Fault> Write()
    {
        List<Fault> faults = [];
        foreach (var file in folders.SelectMany(FilesOf))
        {
            var name = Path.GetRelativePath(_source, file);
            var faulty = new FaultyFile(name.Split('/')[0], name, faults.Count, _without);
            var whole = faulty.Visit(CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot())!;
            faults.AddRange(faulty.Faults);
            var written = Path.Combine(work, "source", name);
            Directory.CreateDirectory(Path.GetDirectoryName(written)!);
            File.WriteAllText(written, whole.ToFullString());
            _written[written] = CSharpSyntaxTree.ParseText(whole.ToFullString());
        }

        return faults;
    }

    private IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(Path.Combine(_source, folder), "*.cs", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal);

    /// <summary>As the build calls the compiler, but for these files, that output, and without what is not needed.</summary>
    private async Task<string> CompilerArgumentsAsync(string output)
    {
        var json = await Command.OutputOfAsync(
            _source, "dotnet", "msbuild", "-t:PrepareResources;Compile", "-p:ProvideCommandLineArgs=true",
            "-p:SkipCompilerExecution=true", "-p:NonExistentFile=/nowhere", "-getItem:CscCommandLineArgs");
        var items = JsonDocument.Parse(json).RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs");
        var arguments = items.EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)
            .Where(argument => !Unwanted().IsMatch(argument))
            .Where(argument => !folders.Any(folder => argument.StartsWith($"{folder}/", StringComparison.Ordinal)))
            .Concat(folders.SelectMany(FilesOf).Select(file => Path.Combine(work, "source", Path.GetRelativePath(_source, file))))
            .Append(Path.Combine(AppContext.BaseDirectory, "Mutant.cs"))
            .Append("/skipanalyzers+").Append("/warn:0").Append($"/out:{output}");
        var file = Path.Combine(work, "csc.rsp");
        await File.WriteAllLinesAsync(file, arguments.Select(argument => argument.Contains('"') ? argument : $"\"{argument}\""));
        return file;
    }

    private Task<string> CscAsync(string arguments)
    {
        var sdk = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var dotnet = Path.GetFullPath(Path.Combine(sdk, "../../.."));
        var csc = Directory.EnumerateDirectories(Path.Combine(dotnet, "sdk")).Order(StringComparer.Ordinal)
            .Select(version => Path.Combine(version, "Roslyn/bincore/csc.dll")).Last(File.Exists);
        return Command.OutputOfAsync(_source, "dotnet", "exec", csc, "/noconfig", "@" + arguments);
    }

    /// <summary>
    /// The faults around an error; of a variable that is read without a value, those of the whole member.
    /// </summary>
    private IEnumerable<int> Culprits(Match error)
    {
        if (!_written.TryGetValue(error.Groups["file"].Value, out var tree))
        {
            throw new InvalidOperationException(error.Value);
        }

        var place = new LinePosition(Position("line"), Position("column"));
        int Position(string name) => int.Parse(error.Groups[name].Value, Invariant) - 1;
        var at = tree.GetRoot().FindToken(tree.GetText().Lines.GetPosition(place)).Parent!;
        if (error.Groups["code"].Value is "CS0165" or "CS0177" or "CS0103" or "CS0161")
        {
            at = at.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? at;
        }

        return at.AncestorsAndSelf().Select(Numbers).First(numbers => numbers.Count > 0);
    }

    private static List<int> Numbers(SyntaxNode node) =>
        [.. Switch().Matches(node.ToString()).Select(match => int.Parse(match.Groups["number"].Value, Invariant))];

    [GeneratedRegex(
        @"^/(doc|refout|out|warnaserror|warn|additionalfile|analyzerconfig:.*globalconfig)\b",
        RegexOptions.ExplicitCapture,
        Patience)]
    private static partial Regex Unwanted();

    [GeneratedRegex(
        @"^(?<file>/[^(\n]+)\((?<line>\d+),(?<column>\d+)\): error (?<code>\w+): .*",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        Patience)]
    private static partial Regex Errors();

    [GeneratedRegex(@"Mutant\.Is\((?<number>\d+)\)", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Switch();
}
