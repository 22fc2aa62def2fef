using System.CommandLine;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Planning;
using Bootstrapper.Rendering;

namespace Bootstrapper.Cli;

/// <summary>Where a plan comes from: a bootstrapper that runs and is asked, or two data roots that are compared here.</summary>
internal static class PlanSource
{
    /// <param name="bsroot">Has what belongs to a description that is named alone.</param>
    /// <returns><c>null</c> where there is none; it has been written why.</returns>
    public static async Task<PlanView?> FindAsync(
        ParseResult parsed, Bsroot bsroot, PlanRequest wanted, CancellationToken cancellation)
    {
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            return wanted.IsOfRunning
                ? await AskAsync(parsed, bsroot, wanted, cancellation)
                : Compare(bsroot, wanted, error);
        }
        catch (ApiException e)
        {
            await error.WriteLineAsync($"error: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RenderingException)
        {
            await error.WriteLineAsync($"error: {e.Message}");
        }

        return null;
    }

    private static async Task<PlanView> AskAsync(
        ParseResult parsed, Bsroot bsroot, PlanRequest wanted, CancellationToken cancellation)
    {
        var text = wanted.File is { } file ? SentDescription.Read(file) : null;
        using var client = new ApiClient(ApiTarget.Find(parsed, bsroot));
        try
        {
            return await client.PlanAsync(text, wanted.Node, wanted.Diff, cancellation);
        }
        catch (ApiException e)
        {
            throw SentDescription.In(wanted.File, e);
        }
    }

    private static PlanView? Compare(Bsroot bsroot, PlanRequest wanted, TextWriter error)
    {
        var (old, now) = (RootOf(wanted.Against!, bsroot), wanted.File is { } file ? RootOf(file, bsroot) : bsroot);
        var loading = Task.Run(() => Load(old, error));
        var (after, before) = (Load(now, error), loading.GetAwaiter().GetResult());
        if (before is null || after is null)
        {
            return null;
        }

        var plan = Planner.Compare(before.For(bsroot), after.For(bsroot), RecordsOf(old));
        var part = wanted.Node is { } node ? plan.ForNode(node) : plan;
        if (part is null)
        {
            error.WriteLine($"error: {UnknownNode.Named(wanted.Node!)}");
        }

        return part is null ? null : PlanView.Of(part, wanted.Diff, [], []);
    }

    /// <summary>What is wrong is told with the file's whole name: there are two.</summary>
    private static Snapshot? Load(Bsroot root, TextWriter error)
    {
        var lines = new List<Problem>();
        var (snapshot, _) = ProblemReport.Load(root, root.Description, lines.Add, checkFurther: null);
        lock (error)
        {
            lines.Where(problem => snapshot is null || problem.Severity == Severity.Error).ToList()
                .ForEach(problem => error.WriteLine(problem.Format(root.Description)));
        }

        return snapshot;
    }

    private static Bsroot RootOf(string named, Bsroot beside) => Directory.Exists(named)
        ? new Bsroot(Path.GetFullPath(named))
        : beside with { Description = Path.GetFullPath(named) };

    /// <summary>Where no states are kept, as in a checkout of the description, every node may run an installed system.</summary>
    private static Func<Node, NodeRecord?> RecordsOf(Bsroot root)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (!Directory.Exists(root.Inventory))
        {
            return node => NodeRecord.New(node, now) with { State = NodeState.Running };
        }

        var records = new InventoryFiles(root.Inventory).Load(now).ToDictionary(record => record.Mac);
        return node => records.GetValueOrDefault(node.Mac);
    }
}
