using Bootstrapper.Host;
using Bootstrapper.Http.Operators;
using Bootstrapper.Planning;

namespace Bootstrapper.Cli;

/// <summary>A plan as people read it: what happens to whom, and then line by line.</summary>
internal static class PlanListing
{
    private const int MostNamed = 6;

    public static void Write(TextWriter output, PlanView plan, PlanRequest wanted)
    {
        foreach (var problem in plan.Problems)
        {
            output.WriteProse(problem.ToProblem().Format(SentDescription.FileIn(wanted.File)), hanging: 2);
        }

        WriteNodes(output, plan);
        WriteShared(output, plan);
        WriteSettings(output, plan);
        output.WriteProse(plan switch
        {
            _ when wanted.Node is { } node => plan.IsEmpty() ? $"Nothing changes for {node}." : $"{node} changes.",
            _ when plan.IsEmpty() => $"Nothing changes: all {plan.Nodes} nodes are given the same, to the byte.",
            { Changed: 0 } => $"No node changes. Plan {plan.Digest}.",
            _ => $"{plan.Changed} of {plan.Nodes} nodes change. Plan {plan.Digest}.",
        } + (plan.AwaitsRestart ? " In force when the bootstrapper is started again." : ""));
        WriteDiffs(output, plan);
    }

    /// <summary>As in a sentence.</summary>
    internal static string WordsOf(Effect effect) => effect switch
    {
        Effect.Nothing => "nothing happens",
        Effect.InPlace => "in place",
        Effect.NextBoot => "at the next boot",
        Effect.Restart => "restart",
        _ => "reinstall",
    };

    private static string Meaning(Effect effect) => effect switch
    {
        Effect.Nothing => "they are given it, and never use it",
        Effect.InPlace => "by itself, at the next lease",
        Effect.NextBoot => "when they next boot from the network",
        Effect.Restart => "a program is started again",
        _ => "their next installation brings it, and nothing before",
    };

    private static void WriteNodes(TextWriter output, PlanView plan)
    {
        foreach (var effect in plan.Groups.GroupBy(group => group.Effect))
        {
            output.WriteProse(
                $"{WordsOf(effect.Key)}, {Count(effect.Sum(group => group.Nodes.Count))}: {Meaning(effect.Key)}", hanging: 2);
            foreach (var what in effect.GroupBy(WhatOf, StringComparer.Ordinal))
            {
                output.WriteProse($"{what.Key}: {Names([.. what.SelectMany(group => group.Nodes)])}", indent: 2, hanging: 4);
            }
        }
    }

    private static void WriteShared(TextWriter output, PlanView plan)
    {
        if (plan.Shared.Count == 0)
        {
            return;
        }

        output.WriteLine("files that no single node has:");
        var widest = plan.Shared.Max(file => file.Path.Length);
        foreach (var file in plan.Shared)
        {
            output.WriteLine($"  {file.Path.PadRight(widest)}  {WordsOf(file.Effect)}{Reader(file)}");
        }
    }

    private static void WriteSettings(TextWriter output, PlanView plan)
    {
        foreach (var kind in plan.Settings.GroupBy(setting => setting.Security).OrderByDescending(kind => kind.Key))
        {
            output.WriteLine(kind.Key ? "settings that change, of security:" : "settings that change:");
            output.WriteProse(string.Join(", ", kind.Select(InWords)), indent: 2, hanging: 4);
        }
    }

    private static string InWords(SettingChangeView setting) => setting is { Before: { } before, After: { } after }
        ? $"{setting.Path} ({before} -> {after})"
        : setting.Path;

    /// <summary>Who is started again.</summary>
    private static string Reader(SharedChangeView file) => file.Effect != Effect.Restart ? ""
        : file.Path.StartsWith("dnsmasq", StringComparison.Ordinal) ? " of dnsmasq" : " of the registry";

    private static void WriteDiffs(TextWriter output, PlanView plan)
    {
        foreach (var (group, diff) in plan.Groups.SelectMany(group => (group.Diffs ?? []).Select(diff => (group, diff))))
        {
            WriteDiff(output, $"{group.Nodes[0]}/{diff.Path}", Others(group.Nodes.Count - 1), diff.Text);
        }

        foreach (var file in plan.Shared.Where(file => file.Diff is not null))
        {
            WriteDiff(output, file.Path, "", file.Diff!);
        }
    }

    /// <summary>What templates say may have any sign in it.</summary>
    private static void WriteDiff(TextWriter output, string path, string others, string text)
    {
        output.WriteLine();
        output.WriteLine($"--- {path}{others}");
        output.WriteLine($"+++ {path}");
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            output.WriteLine(Printable.OnOneLine(line, longest: int.MaxValue));
        }
    }

    private static string WhatOf(PlanGroupView group) => group.Change switch
    {
        Change.Added => "added",
        Change.Removed => "removed",
        _ => string.Join(", ", group.Parts),
    };

    private static string Count(int nodes) => nodes == 1 ? "1 node" : $"{nodes} nodes";

    private static string Others(int count) => count == 0 ? "" : $" (and {count} alike)";

    private static string Names(IReadOnlyList<string> nodes) => nodes.Count <= MostNamed
        ? string.Join(", ", nodes)
        : $"{string.Join(", ", nodes.Take(MostNamed - 1))} and {nodes.Count - MostNamed + 1} more";
}
