import { VisuallyHidden } from '@mantine/core';
import { formatMinutes } from '@picket/plan/schedule/civil';
import { weekdayName } from '@picket/plan/schedule/describe-schedule';
import type { WeeklyTimes } from '@picket/plan/schedule/time-window';
import { type DayBar, weekBars } from './week-bars.ts';
import classes from './windows.module.css';

const hours = [0, 6, 12, 18];

/** The week of a window, drawn; a table of the same for who does not see it. */
export function WeekGrid({ weekly, kind }: { weekly: readonly WeeklyTimes[]; kind: 'allow' | 'blackout' }) {
  const days = weekBars(weekly);
  return (
    <div className={classes.week}>
      <div className={classes.drawn} aria-hidden="true">
        <div className={classes.scale}>
          {hours.map((hour) => (
            <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
              {formatMinutes(hour * 60)}
            </span>
          ))}
        </div>
        {days.map(({ day, bars }) => (
          <div key={day} className={classes.day}>
            <span className={classes.dayName}>{weekdayName(day)}</span>
            <div className={classes.track}>
              {bars.map((bar) => (
                <span
                  key={bar.from}
                  className={classes.bar}
                  data-kind={kind}
                  title={barText(bar)}
                  style={{ left: `${(bar.from / 1440) * 100}%`, width: `${((bar.to - bar.from) / 1440) * 100}%` }}
                />
              ))}
            </div>
          </div>
        ))}
      </div>
      <VisuallyHidden>
        <table>
          <caption>{kind === 'allow' ? 'Hours with scans, by day' : 'Hours without scans, by day'}</caption>
          <tbody>
            {days.map(({ day, bars }) => (
              <tr key={day}>
                <th scope="row">{weekdayName(day)}</th>
                <td>{bars.map(barText).join(', ') || 'none'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </div>
  );
}

function barText({ from, to }: DayBar): string {
  return `${formatMinutes(from)} to ${formatMinutes(to)}`;
}
