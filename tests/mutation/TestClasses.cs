using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bootstrapper.Mutation;

/// <summary>The test classes, each with the faults that it comes by, as a process of its own tells.</summary>
/// <param name="folders">Of these also the slow tests are run.</param>
/// <param name="alone">Whether no others are run.</param>
internal sealed partial class TestClasses(string work, string program, IReadOnlyList<string> folders, bool alone)
{
    private static readonly string[] Aside = ["Layout", "Dashboard"];

    private List<TestClass> _classes = [];

    public async Task FindAsync()
    {
        var kept = Path.Combine(work, $"seen-{await DigestAsync()}{(alone ? "-own" : "")}.json");
        if (!File.Exists(kept))
        {
            var own = await ListAsync(classOf => IsOwn(classOf), "-trait-", "Category=Lab");
            var others = alone
                ? []
                : await ListAsync(classOf => !IsOwn(classOf), "-trait-", "Category=Lab", "-trait-", "Category=Slow");
            await Parallel.ForEachAsync(own.Concat(others), Together.Options, async (name, _) => await MeasureAsync(name));
            await File.WriteAllTextAsync(kept, JsonSerializer.Serialize(_classes));
        }

        _classes = JsonSerializer.Deserialize<List<TestClass>>(await File.ReadAllTextAsync(kept))!;
    }

    public bool Reach(Fault fault) => _classes.Any(tests => tests.Seen.Contains(fault.Number));

    /// <summary>
    /// First the fault's own folder, slow tests too; then the others, the quickest first, while the time lasts.
    /// </summary>
    /// <returns>The test that failed; <c>null</c> when none did.</returns>
    public async Task<string?> KillAsync(Fault fault, double seconds)
    {
        var reach = _classes.Where(tests => tests.Seen.Contains(fault.Number)).OrderBy(tests => tests.Seconds).ToList();
        var own = reach.Where(tests => tests.Name.Split('.')[2] == fault.Folder).ToList();
        return await RunAsync(fault, Within(own, seconds)) ?? await RunAsync(fault, Within([.. reach.Except(own)], seconds));
    }

    private static List<TestClass> Within(List<TestClass> classes, double seconds) =>
        [.. classes.Where((tests, at) => at == 0 || classes.Take(at + 1).Sum(one => one.Seconds) < seconds)];

    private async Task<string?> RunAsync(Fault fault, List<TestClass> classes)
    {
        foreach (var alike in classes.GroupBy(tests => IsOwn(tests.Name)))
        {
            var limit = TimeSpan.FromSeconds(20 + (3 * alike.Sum(tests => tests.Seconds)));
            var (output, code) = await TestAsync([.. alike.Select(tests => tests.Name)], limit, ("MUTANT", $"{fault.Number}"));
            if (code != 0)
            {
                return code is null ? "the time limit" : Failed().Match(output).Groups["test"].Value;
            }
        }

        return null;
    }

    private async Task MeasureAsync(string name)
    {
        var seen = Directory.CreateTempSubdirectory("mutation-seen-").FullName;
        var begun = Stopwatch.GetTimestamp();
        var (_, code) = await TestAsync([name], TimeSpan.FromMinutes(10), ("MUTANTS_SEEN", seen));
        if (code != 0)
        {
            Console.WriteLine($"left out, for it fails without a fault: {name}");
            return;
        }

        var numbers = Directory.EnumerateFiles(seen).SelectMany(File.ReadLines).Select(int.Parse).ToHashSet();
        Directory.Delete(seen, recursive: true);
        lock (_classes)
        {
            _classes.Add(new TestClass(name, Stopwatch.GetElapsedTime(begun).TotalSeconds, numbers));
        }
    }

    private async Task<(string Output, int? Code)> TestAsync(
        IReadOnlyList<string> classes, TimeSpan limit, (string Name, string Value) variable)
    {
        var room = Directory.CreateTempSubdirectory("mutation-").FullName;
        File.SetUnixFileMode(room, (UnixFileMode)0b111_101_101);
        var output = Path.Combine(work, $"output-{Path.GetFileName(room)}");
        string[] slow = IsOwn(classes[0]) ? [] : ["-trait-", "Category=Slow"];
        string[] command = [program, "-noLogo", "-noColor", "-stopOnFail", "-trait-", "Category=Lab", .. slow];
        var code = await Command.RunAsync(
            output,
            limit,
            [("TMPDIR", room), variable],
            [.. command, .. classes.SelectMany(name => (string[])["-class", name])]);
        var text = await File.ReadAllTextAsync(output);
        File.Delete(output);
        await Command.EmptyAsync(room);
        return (text, code);
    }

    private async Task<IEnumerable<string>> ListAsync(Func<string, bool> wanted, params string[] filter) =>
        (await Command.OutputOfAsync(work, program, ["-list", "classes", "-noColor", .. filter]))
            .Split('\n', StringSplitOptions.TrimEntries)
            .Where(name => name.StartsWith("Bootstrapper.Tests.", StringComparison.Ordinal) && wanted(name))
            .Where(name => !Aside.Contains(name.Split('.')[2]));

    private bool IsOwn(string name) => folders.Contains(name.Split('.')[2]);

    /// <summary>Of the faults and of the tests: what was seen holds for these.</summary>
    private async Task<string> DigestAsync()
    {
        var directory = Path.GetDirectoryName(program)!;
        var parts = await Task.WhenAll(new[] { "bootstrapper.dll", "Bootstrapper.Tests.dll" }
            .Select(name => File.ReadAllBytesAsync(Path.Combine(directory, name))));
        return Convert.ToHexStringLower(SHA256.HashData([.. parts.SelectMany(part => part)]))[..12];
    }

    [GeneratedRegex(
        @"^\s*(?<test>Bootstrapper\.Tests\.\S.*) \[FAIL\]", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Failed();
}

/// <param name="Seconds">That it takes by itself.</param>
/// <param name="Seen">Numbers of faults.</param>
internal sealed record TestClass(string Name, double Seconds, HashSet<int> Seen);
