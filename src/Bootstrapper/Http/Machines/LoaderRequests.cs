using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Addresses;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// Puts the questions of boot loaders that ask over HTTP, whichever they are and whoever their machine is, to
/// <see cref="BootRequests"/>, and has the answer told in their language.
/// </summary>
internal sealed class LoaderRequests(NodeSelection selection, BootRequests boot, MachineAddresses addresses)
{
    /// <param name="languageIn">Of the cluster in force.</param>
    public IResult Answer(HttpContext context, Func<ClusterDescription, LoaderLanguage> languageIn)
    {
        var asker = selection.Find(context);
        var language = languageIn(asker.Snapshot.Cluster.SeenFrom(Client.Address(context)));
        var question = Question(context, asker, mac: null) with { Unable = language.OtherLoader is not null };
        return Detour(asker, question, language) is { } script ? BootAnswer.Text(script)
            : Answer(
                asker,
                question,
                (machine, order) => BootAnswer.Text(language.Tell(machine, order)),
                language.Nothing is { } nothing && asker.Status == StatusCodes.Status404NotFound
                    ? () => BootAnswer.Text(nothing(asker.Reason), status: asker.Status)
                    : null);
    }

    /// <param name="mac">From the path, or known otherwise.</param>
    /// <param name="tell">Is given what the machine is called.</param>
    /// <param name="unknown">For a machine that there is nothing for; <c>null</c> for the error.</param>
    public IResult Answer(
        HttpContext context, string mac, Func<string, BootOrder, IResult> tell, Func<IResult>? unknown = null)
    {
        var asker = selection.Find(context, mac);
        return Answer(asker, Question(context, asker, mac), tell, unknown);
    }

    private IResult Answer(
        Selected asker, BootQuestion question, Func<string, BootOrder, IResult> tell, Func<IResult>? unknown = null) =>
        asker.Node is { } node ? tell(node.HostName, boot.Ask(asker.Snapshot, node, question))
        : boot.AskAsStranger(asker.Snapshot, question) is { } order ? tell(boot.NameOf(question), order)
        : unknown?.Invoke() ?? BootAnswer.Error(asker.Status, asker.Reason);

    /// <summary>What it is told before anything is decided.</summary>
    private string? Detour(Selected asker, BootQuestion question, LoaderLanguage language) =>
        question.Unable ? boot.CannotStart(asker.Snapshot, asker.Node, question) ? language.OtherLoader : null
        // Who says that it could not start what it was given was asked for its memory before that.
        : asker.Node is { } node && language.AskForMemory is { } ask && boot.NeedMemory(asker.Snapshot, node, question) ? ask()
        : null;

    /// <summary>
    /// Who asks in the machine's place, from another address, does not count, nor does asking for the signature of an answer, or
    /// for its length.
    /// </summary>
    private BootQuestion Question(HttpContext context, Selected asker, string? mac)
    {
        MacAddress? card = MacAddress.TryParse(mac ?? context.Request.Query["mac"], null, out var named) && named.IsUnicast
            ? named
            : null;
        return new BootQuestion(
            new BootHardware(context.Request.Query["arch"], context.Request.Query["memory"]),
            Guid.TryParse(context.Request.Query["uuid"], out var uuid) ? uuid : null,
            card,
            !Client.OnlyLooks(context) && !SignedRoutes.IsForSignature(context.Request)
                && (asker.Node?.Mac ?? card) is { } machine
                && addresses.IsAt(machine, Client.Address(context), context.Features.Get<Opening>(), asker.Snapshot))
        {
            From = Client.Address(context),
            Shown = NodeRequests.Shown(context, mac),
            IsMalformed = asker.Status == StatusCodes.Status400BadRequest,
        };
    }
}
