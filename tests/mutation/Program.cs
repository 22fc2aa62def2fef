using System.Diagnostics;
using System.Globalization;
using Bootstrapper.Mutation;

var (top, only, seed, sample, seconds) = (args[0], new HashSet<int>(), 1, int.MaxValue, 20.0);
List<string> folders = [];
var alone = false;
for (var at = 1; at < args.Length; at++)
{
    switch (args[at])
    {
        case "--sample": sample = Number(args[++at]); break;
        case "--seed": seed = Number(args[++at]); break;
        case "--seconds": seconds = double.Parse(args[++at], CultureInfo.InvariantCulture); break;
        case "--own": alone = true; break;
        case "--only": only.UnionWith(args[++at].Split(',').Select(Number)); break;
        default: folders.Add(args[at]); break;
    }
}

var work = Path.Combine(top, "artifacts/mutation");
var program = Path.Combine(work, "bin/Bootstrapper/debug/bootstrapper.dll");
var tests = Path.Combine(work, "bin/Bootstrapper.Tests/debug");
var faults = await new FaultyProgram(top, work, folders).CompileAsync(program);
File.Copy(program, Path.Combine(tests, "bootstrapper.dll"), overwrite: true);
await File.WriteAllLinesAsync(Path.Combine(work, "faults"), faults.Select(fault => $"{fault}"));

var classes = new TestClasses(work, Path.Combine(tests, "Bootstrapper.Tests"), folders, alone);
var begun = Stopwatch.StartNew();
await classes.FindAsync();
Console.WriteLine($"which tests come by which faults was seen in {begun.Elapsed.TotalMinutes:0.0} minutes");

var reached = faults.Where(classes.Reach).ToList();
foreach (var fault in faults.Except(reached))
{
    Console.WriteLine($"no test comes by {fault}");
}

var tried = reached.ToArray();
new Random(seed).Shuffle(tried);
tried = only.Count > 0 ? [.. faults.Where(fault => only.Contains(fault.Number))] : [.. tried.Take(sample)];
Console.WriteLine($"{faults.Count} faults, {reached.Count} that a test comes by; {tried.Length} tried (seed {seed})");
begun.Restart();
var survived = 0;
await Parallel.ForEachAsync(tried, Together.Options, async (fault, _) =>
{
    var killer = await classes.KillAsync(fault, seconds);
    Interlocked.Add(ref survived, killer is null ? 1 : 0);
    Console.WriteLine(killer is null ? $"survived {fault}" : $"killed   {fault}  [{killer}]");
});
Console.WriteLine($"{tried.Length - survived} killed, {survived} survived, in {begun.Elapsed.TotalMinutes:0.0} minutes");

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
