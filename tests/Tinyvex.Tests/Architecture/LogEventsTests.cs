using System.Reflection;

namespace Tinyvex.Tests.Architecture;

public class LogEventsTests
{
    [Test]
    public async Task An_event_id_means_one_event()
    {
        var ids = typeof(LogEvents).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).ToList();
        await Assert.That(ids.Count).IsGreaterThan(10);

        await Repository.NoneOf(ids.GroupBy(field => (int)field.GetRawConstantValue()!).Where(group => group.Count() > 1)
            .Select(group => $"{group.Key} is {string.Join(" and ", group.Select(field => field.Name))}"));
    }

    [Test]
    public async Task A_log_message_takes_its_id_from_the_list()
    {
        await Repository.NoneOf(
            from file in Repository.Sources("src")
            from line in Repository.Code(file).Split('\n')
            where line.Contains("[LoggerMessage(", StringComparison.Ordinal) && !line.Contains("EventId = LogEvents.", StringComparison.Ordinal)
            select $"{file}: {line.Trim()}");
    }
}
