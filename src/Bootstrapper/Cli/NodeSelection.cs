using System.CommandLine;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary>Which machines a command is about: those that are named, or all that have something in common.</summary>
internal static class NodeSelection
{
    public static readonly Option<string?> Labels = new("--label", "-l")
    {
        HelpName = "LABELS",
        Description = "Only machines with all of these labels, such as rack=a4,disk=ssd.",
    };

    public static readonly Option<string?> States = new("--state")
    {
        HelpName = "STATES",
        Description = "Only these states, such as installing,failed.",
    };

    public static readonly Option<string?> Profile = new("--profile")
    {
        HelpName = "NAME",
        Description = "Only machines with this profile.",
    };

    private static readonly Argument<string[]> Names = NamesOf();

    private static readonly Option<string?>[] Marks = [Labels, States, Profile];

    /// <summary>For a command that is given to <see cref="Check"/>, too.</summary>
    public static readonly Symbol[] All = [Names, .. Marks];

    /// <summary>Names or marks, and not both: nobody knows which of the two were meant.</summary>
    public static void Check(Command command) => command.Validators.Add(result =>
    {
        var isNamed = result.GetResult(Names) is { Tokens.Count: > 0 };
        Option<string?>[] given = [.. Marks.Where(mark => result.GetResult(mark) is { Implicit: false })];
        var blank = Array.Find(given, mark => result.GetValue(mark)?.Trim(',', ' ') is null or "");
        if (blank is not null)
        {
            result.AddError($"{blank.Name} is empty: give it a value (is a variable of the shell not set?)");
        }
        else if (isNamed == given.Length > 0)
        {
            result.AddError(isNamed
                ? $"machines are chosen by name or by {given[0].Name}, and not by both"
                : $"'{result.Command.Name}' needs machines: name them, or choose them by --label, --state or --profile");
        }
    });

    /// <summary>As they are named, each once; those that are chosen by host name.</summary>
    /// <exception cref="ApiException">There is none, or one that was named is not there.</exception>
    public static async Task<IReadOnlyList<NodeView>> FindAsync(
        ParseResult parsed, ApiClient api, CancellationToken cancellation)
    {
        if (parsed.GetValue(Names) is { Length: > 0 } names)
        {
            var views = new List<NodeView>();
            foreach (var name in names)
            {
                views.Add(await api.NodeAsync(name, cancellation));
            }

            return [.. views.DistinctBy(view => view.Mac)];
        }

        var found = await api.NodesAsync(
            new NodeQuery
            {
                Label = parsed.GetValue(Labels),
                State = parsed.GetValue(States),
                Profile = parsed.GetValue(Profile),
            },
            cancellation);
        return found.Count > 0 ? found : throw new ApiException(ExitCode.MissingInput, "no machine is like that");
    }

    /// <summary>Whether exactly one is meant, and said which.</summary>
    public static bool IsOneByName(ParseResult parsed) => parsed.GetValue(Names) is [_];

    private static Argument<string[]> NamesOf()
    {
        var names = new Argument<string[]>("NODE")
        {
            HelpName = "NODE",
            Description = "Machines, by host name, MAC address, serial number or UUID.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add(context => ApiOptions.NodeNames(context.ParseResult));
        return names;
    }
}
